import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { TicketPage } from '../tickets/queries.ts';
import { orders, type QueueSearch } from './search.ts';

type What = Pick<QueueSearch, 'q' | 'order'>;

const pageSize = 100;

export async function fetchQueue({ q, order }: What, pageToken: string, signal?: AbortSignal): Promise<TicketPage> {
  const query = { filter: q, orderBy: orders[order], pageSize, pageToken };
  return data(await api.GET('/v1/tickets', { params: { query }, ...(signal && { signal }) })) as TicketPage;
}

export const queueQuery = (what: What) =>
  infiniteQueryOptions({
    queryKey: ['tickets', 'queue', what.q, what.order],
    queryFn: ({ pageParam, signal }) => fetchQueue(what, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    staleTime: 60_000, // rows are kept up to date by live changes
  });
