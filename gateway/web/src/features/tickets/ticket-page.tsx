import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { isNotFound, sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { queries } from '../../queries.ts';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { selfQuery, useSelf } from '../session/session.ts';
import { Emergency } from '../site/emergency.tsx';
import { deeds, useDeed } from './actions.ts';
import { PageBadge, PriorityBadge, StatusBadge } from './badges.tsx';
import { Composer } from './composer.tsx';
import { Details } from './details.tsx';
import { isActive, statusOf } from './kinds.ts';
import { listFor } from './left-list.ts';
import { useLiveTicket } from './live-ticket.ts';
import { MergedBanner } from './merged-banner.tsx';
import { PageState } from './page-state.tsx';
import { Paused } from './paused.tsx';
import { conversationQuery, ticketQuery } from './queries.ts';
import { Raise } from './raise.tsx';
import { useRead } from './read.ts';
import { timeline } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';

const staffTicket = () => import('./staff-ticket.tsx');
const StaffTicket = lazy(staffTicket);

export const load = (number: string) =>
  Promise.all([
    queries.prefetchQuery(ticketQuery(number)),
    queries.prefetchQuery(conversationQuery(number)),
    queries.getQueryData(selfQuery.queryKey)?.staff && staffTicket(),
  ]);

export function TicketPage() {
  const { number } = useParams({ from: '/inside/tickets/$number' });
  // Another ticket is another page: nothing of the one before stays in its fields.
  return <OneTicket key={number} number={number} />;
}

function OneTicket({ number }: { number: string }) {
  const { data: ticket, error, isPending, refetch } = useQuery(ticketQuery(number));
  useLiveTicket(number);
  const { staff } = useSelf();
  if (isNotFound(error)) return <Missing />; // also one that was shown, and has been removed
  if (ticket && staff) {
    return (
      <Suspense fallback={<Loading rows={4} />}>
        <StaffTicket ticket={ticket} />
      </Suspense>
    );
  }
  if (ticket) return <Loaded ticket={ticket} />;
  if (isPending) return <Loading rows={4} />;
  return (
    <Page title={`#${number}`}>
      <Failure title={ticketText.ticket.failed} error={error} onRetry={() => refetch()} />
      <Emergency />
    </Page>
  );
}

function Missing() {
  const self = useSelf();
  return (
    <Page title={ticketText.ticket.missing}>
      <p>{ticketText.ticket.missingLead}</p>
      <Link {...listFor(self)} className="button primary">
        {ticketText.ticket.back}
      </Link>
    </Page>
  );
}

function Loaded({ ticket }: { ticket: Ticket }) {
  const self = useSelf();
  const conversation = useQuery(conversationQuery(ticket.number));
  const entries = useMemo(() => conversation.data && timeline(conversation.data), [conversation.data]);
  useRead(ticket);
  return (
    <Page
      title={ticket.subject}
      tab={`#${ticket.number} ${ticket.subject}`}
      above={
        <Link {...listFor(self)} className="back">
          <Icon name="chevron" size={16} />
          {ticketText.ticket.back}
        </Link>
      }
      lead={
        <p className="ticket-lead">
          <span className="muted">#{ticket.number}</span>
          <StatusBadge ticket={ticket} />
          <PriorityBadge ticket={ticket} />
          <PageBadge ticket={ticket} />
        </p>
      }
      beside={<TicketActions ticket={ticket} />}
    >
      <div className="ticket">
        <div className="ticket-main">
          <Paused />
          <MergedBanner ticket={ticket} />
          <PageState ticket={ticket} staff={self.staff} />
          {conversation.isError && !entries && (
            <Failure
              title={ticketText.ticket.failed}
              error={conversation.error}
              onRetry={() => conversation.refetch()}
            />
          )}
          {conversation.isPending && <Loading rows={3} />}
          {entries && <TimelineView entries={entries} self={self.id} />}
          <Composer ticket={ticket} />
        </div>
        <Details ticket={ticket} staff={self.staff} />
      </div>
    </Page>
  );
}

function TicketActions({ ticket }: { ticket: Ticket }) {
  const deed = useDeed(ticket);
  const act = (what: typeof deeds.solve, done: string) =>
    deed.mutate(what, { onSuccess: () => notices.say(done), onError: (error) => notices.say(sentenceOf(error)) });
  return (
    <div className="actions">
      <Raise ticket={ticket} />
      {isActive(ticket) && (
        <Fleeting
          icon="check"
          data-command="solve"
          busy={deed.isPending}
          onClick={() => act(deeds.solve, ticketText.ticket.solved)}
        >
          {ticketText.ticket.solve}
        </Fleeting>
      )}
      {statusOf(ticket) === 'solved' && (
        <Fleeting busy={deed.isPending} onClick={() => act(deeds.reopen, ticketText.ticket.reopened)}>
          {ticketText.ticket.reopen}
        </Fleeting>
      )}
    </div>
  );
}
