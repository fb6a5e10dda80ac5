import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { sentenceOf } from '../../api/problem.ts';
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
        <Link to="/tickets" className="button primary">
          {text.errors.home}
        </Link>
      </Page>
    </div>
  );
}

/** A page that failed: an answer that did not come, a file of an older release, or a fault of ours. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  // A release replaces the files that an open page still knows by their old names.
  const outdated = /dynamically imported module|Importing a module script failed/.test(String(error));
  return (
    <div className="lone">
      <Page title={text.errors.broken}>
        <Empty icon="alert" title={outdated ? text.errors.newVersion : sentenceOf(error)} lead={text.errors.brokenLead}>
          <Button
            look="primary"
            onClick={() => {
              if (outdated) window.location.reload();
              else reset();
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
