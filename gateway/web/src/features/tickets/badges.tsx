import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Icon } from '../../ui/icon.tsx';
import { pagingOf, statusOf, urgencyOf } from './kinds.ts';

/** The priority of an incident, by word and shape. Nothing for other types, and nothing where it is usual. */
export function PriorityBadge({ ticket, always = false }: { ticket: Ticket; always?: boolean }) {
  const urgency = urgencyOf(ticket);
  if (!urgency || (!always && (urgency === 'normal' || urgency === 'low'))) return null;
  return <span className={`badge priority-${urgency}`}>{ticketText.ticket.priorities[urgency]}</span>;
}

export function StatusBadge({ ticket }: { ticket: Ticket }) {
  const status = statusOf(ticket);
  return <span className={`badge status-${status}`}>{ticketText.ticket.statuses[status]}</span>;
}

/** How far the paging is, while it matters. */
export function PageBadge({ ticket }: { ticket: Ticket }) {
  const paging = pagingOf(ticket);
  if (!paging || paging === 'resolved') return null;
  return (
    <span className={`badge page-${paging}`}>
      <Icon name={paging === 'acknowledged' ? 'check' : 'bell'} size={13} />
      {ticketText.ticket.page.short[paging]}
    </span>
  );
}
