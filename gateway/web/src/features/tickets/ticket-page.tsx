import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { isNotFound, sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { queries } from '../../queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { Page } from '../../ui/page.tsx';
import { selfQuery, useSelf } from '../session/session.ts';
import { Emergency } from '../site/emergency.tsx';
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
import { canTake, type Step, useSettle } from './settle.ts';
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
  const [inUse, setInUse] = useState(false);
  const gone = isNotFound(error); // also one that was shown, and has been removed
  if (gone && !inUse) return <Missing />;
  if (ticket && staff) {
    return (
      <Suspense fallback={<Loading rows={4} />}>
        <StaffTicket ticket={ticket} gone={gone} onUse={setInUse} />
      </Suspense>
    );
  }
  if (ticket) return <Loaded ticket={ticket} gone={gone} onUse={setInUse} />;
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

interface LoadedProps {
  ticket: Ticket;
  /** It may be seen no more: nothing of it is left but what somebody writes to it. */
  gone: boolean;
  onUse: (inUse: boolean) => void;
}

function Loaded({ ticket, gone, onUse }: LoadedProps) {
  const self = useSelf();
  const conversation = useQuery(conversationQuery(ticket.number));
  const entries = useMemo(() => conversation.data && timeline(conversation.data), [conversation.data]);
  const settle = useSettle(ticket);
  useRead(ticket);
  return (
    <Page
      title={gone ? ticketText.ticket.missing : ticket.subject}
      {...(!gone && { tab: `#${ticket.number} ${ticket.subject}` })}
      above={
        <Link {...listFor(self)} className="back">
          <Icon name="chevron" size={16} />
          {ticketText.ticket.back}
        </Link>
      }
      lead={
        gone ? (
          <p>{ticketText.ticket.missingLead}</p>
        ) : (
          <p className="ticket-lead">
            <span className="muted">#{ticket.number}</span>
            <StatusBadge ticket={ticket} />
            <PriorityBadge ticket={ticket} />
            <PageBadge ticket={ticket} />
          </p>
        )
      }
      beside={!gone && <TicketActions ticket={ticket} settle={settle} />}
    >
      <div className="ticket">
        <div className="ticket-main">
          {!gone && (
            <>
              <UnseenBar settle={settle} />
              <Paused />
              <MergedBanner ticket={ticket} />
              <PageState ticket={ticket} staff={self.staff} />
              {conversation.isError && !entries && (
                <>
                  <Failure
                    title={ticketText.ticket.failed}
                    error={conversation.error}
                    onRetry={() => conversation.refetch()}
                  />
                  <Emergency />
                </>
              )}
              {conversation.isPending && <Loading rows={3} />}
              {entries && <TimelineView entries={entries} self={self.id} />}
            </>
          )}
          <Composer ticket={ticket} onUse={onUse} {...(gone && { refused: ticketText.ticket.gone })} />
        </div>
        {!gone && <Details ticket={ticket} staff={self.staff} />}
      </div>
    </Page>
  );
}

type Settle = ReturnType<typeof useSettle>;

function take(settle: Settle, step: Step, ticket?: Ticket) {
  const done = { solve: ticketText.ticket.solved, reopen: ticketText.ticket.reopened }[step];
  settle.take(step, { done: () => notices.say(done), failed: (error) => notices.say(sentenceOf(error)) }, ticket);
}

/** What came while somebody was about to end the ticket, or to open it again. */
function UnseenBar({ settle }: { settle: Settle }) {
  const { unseen } = settle;
  if (!unseen) return null;
  const say = ticketText.unseen;
  return (
    <Banner tone="warning" title={say.title} alert>
      {unseen.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div className="actions">
        {canTake(unseen.step, unseen.now) && (
          <Button busy={settle.busy} onClick={() => take(settle, unseen.step, unseen.now)}>
            {say.anyway[unseen.step]}
          </Button>
        )}
        <Button onClick={settle.leave}>{say.leave}</Button>
      </div>
    </Banner>
  );
}

function TicketActions({ ticket, settle }: { ticket: Ticket; settle: Settle }) {
  return (
    <div className="actions">
      <Raise ticket={ticket} />
      {isActive(ticket) && (
        <Fleeting icon="check" data-command="solve" busy={settle.busy} onClick={() => take(settle, 'solve')}>
          {ticketText.ticket.solve}
        </Fleeting>
      )}
      {statusOf(ticket) === 'solved' && (
        <Fleeting busy={settle.busy} onClick={() => take(settle, 'reopen')}>
          {ticketText.ticket.reopen}
        </Fleeting>
      )}
    </div>
  );
}
