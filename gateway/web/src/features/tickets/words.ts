import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';

/** Whose turn it is, as the viewer reads it; undefined once it is over. */
export function turnOf(ticket: Ticket, staff: boolean): string | undefined {
  switch (ticket.waitingOn) {
    case 'WAITING_ON_SUPPORT':
      return ticketText.ticket.turns.support;
    case 'WAITING_ON_CUSTOMER':
      return staff ? ticketText.ticket.turns.customerStaff : ticketText.ticket.turns.customer;
    case 'WAITING_ON_THIRD_PARTY':
      return ticketText.ticket.turns.third;
    default:
      return undefined;
  }
}

/** What a ticket is about, in one line. */
export function scopeText(ticket: Ticket): string {
  if (ticket.scope.all) return ticketText.list.everything;
  return ticket.scope.targets
    .map((t) => (t.environmentName ? `${t.applicationName}/${t.environmentName}` : t.applicationName))
    .join(', ');
}
