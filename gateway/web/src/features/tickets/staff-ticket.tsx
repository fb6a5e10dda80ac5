import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Ticket, TicketEvent } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { leftSearch } from '../queue/memory.ts';
import { useSelf } from '../session/session.ts';
import { PageBadge, PriorityBadge, StatusBadge } from './badges.tsx';
import { Caveats } from './caveats.tsx';
import { Ccs } from './ccs.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import { Fact } from './details.tsx';
import { isActive, kindOf, statusOf } from './kinds.ts';
import { PageState } from './page-state.tsx';
import { conversationQuery } from './queries.ts';
import { Raise } from './raise.tsx';
import { useRead } from './read.ts';
import { type StaffChange, useStaffChange } from './staff-change.ts';
import { StaffComposer } from './staff-composer.tsx';
import { StaffDue } from './staff-due.tsx';
import { StaffMails } from './staff-mails.tsx';
import { PageByHand, StaffPaging } from './staff-paging.tsx';
import { StaffProperties } from './staff-properties.tsx';
import { type Line, timeline } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { TypeDetails } from './type-details.tsx';
import { scopeText } from './words.ts';
import '../../styles/staff.css';

/** A ticket as support staff work on it: a page of its own, or beside the queue. */
export default function StaffTicket({ ticket, beside = false }: { ticket: Ticket; beside?: boolean }) {
  const change = useStaffChange();
  useRead(ticket);
  const lead = (
    <p className="ticket-lead">
      <span className="muted">#{ticket.number}</span>
      <StatusBadge ticket={ticket} />
      <PriorityBadge ticket={ticket} />
      <PageBadge ticket={ticket} />
    </p>
  );
  const body = <Body ticket={ticket} change={change} />;
  const actions = <StaffActions ticket={ticket} change={change} />;
  if (beside) {
    return (
      <>
        <header className="page-header">
          <div>
            <h2>{ticket.subject}</h2>
            {lead}
          </div>
          {actions}
        </header>
        {body}
      </>
    );
  }
  return (
    <Page
      title={ticket.subject}
      tab={`#${ticket.number} ${ticket.subject}`}
      above={
        <Link to="/queue" search={leftSearch()} className="back">
          <Icon name="chevron" size={16} />
          {staffText.queue.title}
        </Link>
      }
      lead={lead}
      beside={actions}
    >
      {body}
    </Page>
  );
}

function Body({ ticket, change }: { ticket: Ticket; change: StaffChange }) {
  const self = useSelf();
  const conversation = useQuery(conversationQuery(ticket.number));
  const entries = useMemo(() => conversation.data && timeline(conversation.data, staffLine), [conversation.data]);
  return (
    <>
      <ConflictBar change={change} />
      <div className="ticket staff-ticket">
        <div className="ticket-main">
          <PageState ticket={ticket} staff />
          <StaffPaging ticket={ticket} />
          <Caveats ticket={ticket} />
          {conversation.isError && !entries && (
            <Failure
              title={ticketText.ticket.failed}
              error={conversation.error}
              onRetry={() => conversation.refetch()}
            />
          )}
          {conversation.isPending && <Loading rows={3} />}
          {entries && <TimelineView entries={entries} self={self.id} graced={staffText.graced} />}
          <StaffComposer ticket={ticket} />
        </div>
        <StaffDetails ticket={ticket} change={change} />
      </div>
    </>
  );
}

function StaffActions({ ticket, change }: { ticket: Ticket; change: StaffChange }) {
  return (
    <div className="actions">
      <Raise ticket={ticket} />
      <PageByHand ticket={ticket} />
      {isActive(ticket) && (
        <Button
          icon="check"
          busy={change.busy}
          onClick={() => change.change({ field: 'status', status: 'TICKET_STATUS_SOLVED' }, ticket)}
        >
          {ticketText.ticket.solve}
        </Button>
      )}
      {statusOf(ticket) === 'solved' && (
        <Button
          busy={change.busy}
          onClick={() => change.change({ field: 'status', status: 'TICKET_STATUS_OPEN' }, ticket)}
        >
          {ticketText.ticket.reopen}
        </Button>
      )}
    </div>
  );
}

function StaffDetails({ ticket, change }: { ticket: Ticket; change: StaffChange }) {
  const say = ticketText.ticket;
  return (
    <aside className="details" aria-label={say.details}>
      <StaffProperties ticket={ticket} change={change} />
      <StaffDue ticket={ticket} />
      <dl>
        <Fact name={say.organization}>{ticket.organizationName}</Fact>
        <Fact name={say.requester}>
          <span title={ticket.requester?.email}>{ticket.requester?.name || ticket.requester?.email}</span>
        </Fact>
        <Fact name={say.type}>{say.types[kindOf(ticket.type)]}</Fact>
        <Fact name={say.applications}>{scopeText(ticket)}</Fact>
        <Fact name={say.created}>
          <Time at={ticket.createTime} look="clock" />
        </Fact>
        {ticket.followUpOf !== '0' && (
          <Fact name={say.follows}>
            <Link to="/tickets/$number" params={{ number: ticket.followUpOf }}>
              #{ticket.followUpOf}
            </Link>
          </Fact>
        )}
      </dl>
      <Ccs ticket={ticket} />
      <TypeDetails ticket={ticket} />
      <StaffMails ticket={ticket} />
    </aside>
  );
}

/** What only staff read in the history: the team, and the priority of what is no incident. */
export function staffLine(event: TicketEvent): Line | undefined {
  const who = event.actor?.name || event.actor?.email || ticketText.event.system;
  const to = (field: string) => event.changes.find((change) => change.field === field)?.newValue;
  const team = to('team');
  if (team) return { sentence: staffText.history.team(who, team), icon: 'user' };
  const priority = to('internal_priority');
  return priority ? { sentence: ticketText.event.priority(who, priority), icon: 'alert' } : undefined;
}
