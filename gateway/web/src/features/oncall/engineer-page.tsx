import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { isNotFound, sentenceOf } from '../../api/problem.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Emergency } from '../site/emergency.tsx';
import { PageAgain } from './page-again.tsx';
import { Acknowledge, PageFacts } from './page-card.tsx';
import { PageHistory } from './page-history.tsx';
import { canEscalate, pageQuery, usePageDeed } from './pages.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';

const say = staffText.pages;

/** One call of the engineers: what it is about, the button that takes it, and how it came about. */
export function EngineerPagePage() {
  const { page: id } = useParams({ from: '/inside/on-call/pages/$page' });
  const { data: page, error, refetch } = useQuery(pageQuery(id));
  const deed = usePageDeed({ id, ticket: page?.ticket ?? '' });
  const above = (
    <Link to="/on-call" className="back">
      <Icon name="chevron" size={16} />
      {staffText.onCall.title}
    </Link>
  );
  if (!page) {
    return (
      <Page title={isNotFound(error) ? say.missing : say.one} above={above}>
        {error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={4} />}
        {error && <Emergency />}
      </Page>
    );
  }
  return (
    <Page title={page.title} above={above} lead={<PageFacts page={page} />}>
      <div className="engineer-page">
        <div className="take">
          <Acknowledge page={page} />
        </div>
        <div className="actions">
          {page.ticket !== '0' && (
            <Link to="/tickets/$number" params={{ number: page.ticket }} className="button secondary">
              {say.ticket(page.ticket)}
            </Link>
          )}
          {canEscalate(page) && (
            <Button busy={deed.isPending} onClick={() => deed.mutate('escalate')}>
              {say.escalate}
            </Button>
          )}
          <PageAgain page={page} />
        </div>
        {deed.error && (
          <p className="error" role="alert">
            {sentenceOf(deed.error)}
          </p>
        )}
        <PageHistory page={page} />
      </div>
    </Page>
  );
}
