import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { daysOf } from '../tickets/days.ts';
import { pageOf, queueKey, restricted, type TicketPage } from '../tickets/queries.ts';
import { orders, type QueueSearch } from './search.ts';

type What = Pick<QueueSearch, 'q' | 'order'>;

const pageSize = 100;

/** Fetches a page of the queue, or those of its tickets that have one of the numbers. */
export async function fetchQueue(
  { q, order }: What,
  { pageToken = '', only = [], signal }: { pageToken?: string; only?: string[]; signal?: AbortSignal },
): Promise<TicketPage> {
  const filter = restricted(q, only);
  const query = { filter, ...daysOf(filter), orderBy: orders[order], pageSize: only.length || pageSize, pageToken };
  return pageOf(data(await api.GET('/v1/tickets', { params: { query }, ...(signal && { signal }) })));
}

export const queueQuery = (what: What) =>
  infiniteQueryOptions({
    queryKey: [...queueKey, what.q, what.order],
    queryFn: ({ pageParam, signal }) => fetchQueue(what, { pageToken: pageParam, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    // Rows are kept up to date by live changes; that others come in, and push them away, is asked for.
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
