import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Ticket } from '../../api/types.ts';
import { nextDue } from '../tickets/due.ts';
import { queueKey, type TicketPage } from '../tickets/queries.ts';
import { orders, type QueueSearch } from './search.ts';

type What = Pick<QueueSearch, 'q' | 'order'>;

const pageSize = 100;

export async function fetchQueue({ q, order }: What, pageToken: string, signal?: AbortSignal): Promise<TicketPage> {
  const query = { filter: q, orderBy: orders[order], pageSize, pageToken };
  return data(await api.GET('/v1/tickets', { params: { query }, ...(signal && { signal }) })) as TicketPage;
}

/** As many tickets are read to be put in order by what is due; there are seldom more that are open. */
export const mostByDue = 1000;

/** The tickets of a query, by what is owed next; those to which nothing is owed come last. */
async function fetchByDue(q: string, signal?: AbortSignal): Promise<TicketPage> {
  const tickets: Ticket[] = [];
  let page: TicketPage | undefined;
  do {
    page = await fetchQueue({ q, order: 'changed' }, page?.nextPageToken ?? '', signal);
    tickets.push(...page.tickets);
  } while (page.nextPageToken && tickets.length < mostByDue);
  return { tickets: byDue(tickets), nextPageToken: '', filterIssues: page.filterIssues };
}

export function byDue(tickets: Ticket[], now = Date.now()): Ticket[] {
  const due = (ticket: Ticket) => {
    const next = nextDue(ticket, now);
    return next ? Date.parse(next.at) : Number.POSITIVE_INFINITY;
  };
  // Stable: of equals, and of those without, the newest change stays first.
  return tickets
    .map((ticket) => ({ ticket, at: due(ticket) }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ ticket }) => ticket);
}

export const queueQuery = (what: What) =>
  infiniteQueryOptions({
    queryKey: [...queueKey, what.q, what.order],
    queryFn: ({ pageParam, signal }) =>
      what.order === 'due' ? fetchByDue(what.q, signal) : fetchQueue(what, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    // Rows are kept up to date by live changes; that others come in, and push them away, is asked for.
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
