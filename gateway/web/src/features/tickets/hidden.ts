import type { Ticket, TicketEvent } from '../../api/types.ts';

/** Why a ticket is out of the lists, by the words of the history; "" while it is not. */
export type Hidden = '' | 'spam' | 'deleted';

export function hiddenOf({ spamTime, deleteTime }: Pick<Ticket, 'spamTime' | 'deleteTime'>): Hidden {
  if (deleteTime) return 'deleted';
  return spamTime ? 'spam' : '';
}

/** Who took a ticket out of the lists, as far as the history tells. */
export function hiddenBy(hidden: Hidden, events: TicketEvent[]): string {
  const kind = hidden === 'deleted' ? 'KIND_DELETED' : 'KIND_MARKED_SPAM';
  const actor = events.findLast((event) => event.kind === kind)?.actor;
  return actor?.name || actor?.email || '';
}
