import { Link } from '@tanstack/react-router';
import { memo, type ReactNode } from 'react';
import type { Ticket } from '../../api/types.ts';
import { initials } from '../../lib/format.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { useTick } from '../../lib/tick.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { PageBadge, StatusBadge } from '../tickets/badges.tsx';
import { nextDue } from '../tickets/due.ts';
import { kindIcons, kindOf } from '../tickets/kinds.ts';
import { leaveList } from '../tickets/left-list.ts';
import { priorityNameOf } from '../tickets/staff-change.ts';
import { HiddenBadge } from '../tickets/staff-hidden.tsx';
import { scopeText } from '../tickets/words.ts';
import type { QueueSearch } from './search.ts';

/** Where rows lead: beside the list where there is room, to a page of their own elsewhere. */
export interface Way {
  beside: boolean;
  where: Partial<Omit<QueueSearch, 'ticket'>>;
}

interface Props {
  ticket: Ticket;
  /** Whether it does not belong into the list any more. */
  gone: boolean;
  way: Way;
  /** Whether the Tab key stops here. */
  stop: boolean;
  open: boolean;
  marked: boolean;
  onMark: (ticket: string, range: boolean) => void;
}

const say = staffText.queue;

/** Drawn anew when something of it changes, and not whenever the list moves. */
export const QueueRow = memo(({ ticket, gone, way, stop, open, marked, onMark }: Props) => {
  const kind = kindOf(ticket.type);
  const priority = priorityNameOf(ticket);
  return (
    <div
      className="queue-row"
      data-unread={ticket.unread || undefined}
      data-open={open || undefined}
      data-gone={gone || undefined}
    >
      <label className="queue-mark">
        <input
          type="checkbox"
          tabIndex={stop ? 0 : -1}
          checked={marked && !gone}
          aria-disabled={gone || undefined} // it keeps the focus that it may have
          aria-label={say.mark(ticket.number)}
          onChange={() => undefined}
          onClick={(event) => onMark(ticket.number, event.shiftKey)}
        />
      </label>
      <RowLink ticket={ticket} way={way} stop={stop} open={open}>
        <span className={`kind ${kind}`} title={ticketText.ticket.types[kind]}>
          <Icon name={kindIcons[kind]} size={18} />
          <span className="hidden">{ticketText.ticket.types[kind]}</span>
        </span>
        <span className="what">
          <span className="subject">
            {ticket.unread && <span className="unread">{ticketText.list.unread}</span>}
            {ticket.subject}
          </span>
          <span className="meta">
            <span>#{ticket.number}</span>
            <span>{ticket.organizationName}</span>
            <span>{ticket.requester?.name || ticket.requester?.email}</span>
            <span>{scopeText(ticket)}</span>
          </span>
        </span>
        <span className="state">
          {priority && priority !== 'normal' && (
            <span className={`badge priority-${priority}`}>{ticketText.ticket.priorities[priority]}</span>
          )}
          <PageBadge ticket={ticket} />
          <HiddenBadge ticket={ticket} />
          <StatusBadge ticket={ticket} />
        </span>
        <Assignee ticket={ticket} />
        <span className="when">
          {gone ? (
            ticketText.list.gone
          ) : (
            <>
              <DueMark ticket={ticket} />
              <Time at={ticket.updateTime} />
            </>
          )}
        </span>
      </RowLink>
    </div>
  );
});

function RowLink({ ticket: { number }, way, stop, open, children }: RowLinkProps) {
  const look = {
    className: 'queue-link',
    'data-row': true,
    tabIndex: stop ? 0 : -1,
    preload: false as const,
    'aria-current': open || undefined,
    activeOptions: { exact: true },
    children,
  };
  return way.beside ? (
    <Link to="/queue" search={{ ...way.where, ticket: number }} resetScroll={false} {...look} />
  ) : (
    <Link
      to="/tickets/$number"
      params={{ number }}
      onClick={() => leaveList({ to: '/queue', search: way.where }, number)}
      {...look}
    />
  );
}

interface RowLinkProps extends Pick<Props, 'ticket' | 'way' | 'stop' | 'open'> {
  children: ReactNode;
}

function Assignee({ ticket: { assignee } }: { ticket: Ticket }) {
  const name = assignee?.name || assignee?.email || '';
  return (
    <span className="assignee" title={name || ticketText.ticket.nobody}>
      {name ? (
        <span className="avatar" aria-hidden="true">
          {initials(name)}
        </span>
      ) : (
        <span className="avatar nobody" aria-hidden="true" />
      )}
      <span className="hidden">{name ? say.assignedTo(name) : say.unassigned}</span>
    </span>
  );
}

/** When something is owed next. What is late says so. */
function DueMark({ ticket }: { ticket: Ticket }) {
  useTick();
  const due = nextDue(ticket);
  if (!due) return null;
  return (
    <span className={`due ${due.late ? 'late' : due.soon ? 'soon' : ''}`} title={staffText.due[due.what]}>
      {due.late ? staffText.due.overdue : staffText.due.due} <Time at={due.at} />
    </span>
  );
}
