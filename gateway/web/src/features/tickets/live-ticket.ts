import { useQueryClient } from '@tanstack/react-query';
import { showChange } from './actions.ts';
import { useLive } from './live.ts';
import { ticketQuery } from './queries.ts';

/** Keeps a ticket that is shown up to date. */
export function useLiveTicket(number: string): void {
  const client = useQueryClient();
  const load = () => client.invalidateQueries({ queryKey: ticketQuery(number).queryKey });
  useLive({
    onTicket: (now) => now.number === number && showChange(client, now),
    onResync: load,
    // Staff still find it; to others there is no such ticket any more.
    onRemoved: (gone) => gone === number && load(),
  });
}
