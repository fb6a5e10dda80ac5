import type { QueryClient } from '@tanstack/react-query';
import { queueKey, type TicketPage } from '../tickets/queries.ts';

/** The number of the ticket whose page this is. */
export function openNumber(path: string): string | undefined {
  return /^\/tickets\/(\d+)$/.exec(path)?.[1];
}

/** The ticket before or behind one, in the list that was looked at last. */
export function neighbour(queries: QueryClient, number: string | undefined, by: 1 | -1): string | undefined {
  if (!number) return undefined;
  const lists = queries
    .getQueryCache()
    .findAll()
    .filter(({ queryKey: [key], state }) => (key === 'tickets' || key === queueKey[0]) && state.data !== undefined)
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt)
    .map((query) =>
      ((query.state.data as { pages?: TicketPage[] }).pages ?? []).flatMap(({ tickets }) =>
        tickets.map((ticket) => ticket.number),
      ),
    );
  const list = lists.find((numbers) => numbers.includes(number));
  return list?.[list.indexOf(number) + by];
}
