import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { queueKey, type TicketPage } from '../tickets/queries.ts';
import { orders, type QueueSearch } from './search.ts';

type What = Pick<QueueSearch, 'q' | 'order'>;

const pageSize = 100;

export async function fetchQueue({ q, order }: What, pageToken: string, signal?: AbortSignal): Promise<TicketPage> {
  const query = { filter: q, orderBy: orders[order], pageSize, pageToken };
  return data(await api.GET('/v1/tickets', { params: { query }, ...(signal && { signal }) })) as TicketPage;
}

export const queueQuery = (what: What) =>
  infiniteQueryOptions({
    queryKey: [...queueKey, what.q, what.order],
    queryFn: ({ pageParam, signal }) => fetchQueue(what, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    // Rows are kept up to date by live changes; that others come in, and push them away, is asked for.
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
