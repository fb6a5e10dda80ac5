import type { Ticket } from '../../api/types.ts';

/** The number of the ticket where a duplicate goes on; '' if it is none, or its viewer may not see that one. */
export function mergedInto(ticket: Ticket): string {
  return Number(ticket.mergedInto) > 0 ? ticket.mergedInto : '';
}
