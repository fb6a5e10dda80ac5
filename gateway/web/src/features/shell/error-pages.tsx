import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Emergency } from '../site/emergency.tsx';

/** Whether no shell is around it, which says whose page it is. */
interface Alone {
  alone?: boolean;
}

function NotFound({ alone }: Alone) {
  return (
    <Lone alone={alone}>
      <Page title={text.errors.notFound}>
        <p>{text.errors.notFoundLead}</p>
        <Link to="/" className="button primary">
          {text.errors.home}
        </Link>
      </Page>
    </Lone>
  );
}

/** A page that failed: an answer that did not come, a file of an older release, or a fault of ours. */
export function BrokenPage({ error, reset, alone }: ErrorComponentProps & Alone) {
  const router = useRouter();
  // A release replaces the files that an open page still knows by their old names.
  const outdated = /dynamically imported module|Importing a module script failed|preload CSS/.test(String(error));
  const { title, lead } = wordsFor(error);
  return (
    <Lone alone={alone}>
      <Page title={title}>
        <p>{outdated ? text.errors.newVersion : lead}</p>
        <Button
          look="primary"
          onClick={() => {
            if (outdated) window.location.reload();
            else router.invalidate().then(reset);
          }}
        >
          {outdated ? text.errors.reload : text.common.retry}
        </Button>
        <Emergency />
      </Page>
    </Lone>
  );
}

export function BrokenAlone(props: ErrorComponentProps) {
  return <BrokenPage {...props} alone />;
}

export function NotFoundPage() {
  return <NotFound />;
}

export function NotFoundAlone() {
  return <NotFound alone />;
}

function Lone({ alone, children }: Alone & { children: ReactNode }) {
  if (!alone) return <div className="lone">{children}</div>;
  return (
    <main className="lone">
      <p className="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        {text.product}
      </p>
      {children}
    </main>
  );
}

function wordsFor(error: unknown): { title: string; lead: string } {
  const say = text.errors;
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 0) return { title: say.away, lead: say.awayLead };
  if (status && status >= 500) return { title: say.down, lead: say.downLead };
  return { title: say.broken, lead: status ? sentenceOf(error) : say.brokenLead };
}
