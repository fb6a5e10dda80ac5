import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Page } from '../../ui/page.tsx';
import { Emergency } from '../site/emergency.tsx';

export function NotFoundPage() {
  return (
    <div className="lone">
      <Page title={text.errors.notFound}>
        <p>{text.errors.notFoundLead}</p>
        <Link to="/" className="button primary">
          {text.errors.home}
        </Link>
      </Page>
    </div>
  );
}

/** A page that failed: an answer that did not come, a file of an older release, or a fault of ours. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  // A release replaces the files that an open page still knows by their old names.
  const outdated = /dynamically imported module|Importing a module script failed|preload CSS/.test(String(error));
  const { title, lead } = wordsFor(error);
  return (
    <div className="lone">
      <Page title={title}>
        <Empty icon="alert" title={outdated ? text.errors.newVersion : sentenceOf(error)} lead={lead}>
          <Button
            look="primary"
            onClick={() => {
              if (outdated) window.location.reload();
              else router.invalidate().then(reset);
            }}
          >
            {outdated ? text.errors.reload : text.common.retry}
          </Button>
        </Empty>
        <Emergency />
      </Page>
    </div>
  );
}

/** The same where no shell is around it. */
export function BrokenAlone(props: ErrorComponentProps) {
  return (
    <main>
      <BrokenPage {...props} />
    </main>
  );
}

export function NotFoundAlone() {
  return (
    <main>
      <NotFoundPage />
    </main>
  );
}

function wordsFor(error: unknown): { title: string; lead: string } {
  const say = text.errors;
  if (!(error instanceof ApiError)) return { title: say.broken, lead: say.brokenLead };
  if (error.status === 0) return { title: say.away, lead: say.awayLead };
  return error.status >= 500 ? { title: say.down, lead: say.downLead } : { title: say.broken, lead: say.brokenLead };
}
