import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { FilterIssue, Ticket } from '../../api/types.ts';
import { daysOf } from './days.ts';
import { filterOf, type ListSearch, viewOf } from './list-search.ts';
import { type Conversation, changesTicket, readOn, readWhole, sourceOf } from './read-on.ts';

export type { Conversation };

export interface TicketPage {
  tickets: Ticket[];
  nextPageToken: string;
  filterIssues: FilterIssue[];
  /** The last one as it was then: where the page ends in the order of the list. */
  end: Ticket | undefined;
}

/** A page as the server answers it. */
export function pageOf(answer: unknown): TicketPage {
  const page = answer as Omit<TicketPage, 'end'>;
  return { ...page, end: page.tickets.at(-1) };
}

/** Where the pages of the queue are kept: apart from the lists that are loaded again after each change. */
export const queueKey = ['queue'];

const pageSize = 50;

/** The filter of a list, restricted to some tickets. In front, as a quote that was never closed lasts to the end. */
export function restricted(filter: string, only: string[]): string {
  return only.length > 0 ? `number:${only} ${filter}`.trimEnd() : filter;
}

/** Fetches a page of the list, or those of its tickets that have one of the numbers. */
export async function fetchPage(
  search: ListSearch,
  { pageToken = '', only = [], signal }: { pageToken?: string; only?: string[]; signal?: AbortSignal },
): Promise<TicketPage> {
  const filter = restricted(filterOf(search).filter, only);
  const query = { filter, ...daysOf(filter), view: viewOf(search), pageSize: only.length || pageSize, pageToken };
  return pageOf(data(await api.GET('/v1/tickets', { params: { query }, ...(signal && { signal }) })));
}

export const listQuery = (search: ListSearch) =>
  infiniteQueryOptions({
    queryKey: ['tickets', search.tab, search.scope, search.q],
    queryFn: ({ pageParam, signal }) => fetchPage(search, { pageToken: pageParam, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    // Each change puts its ticket on top: a list that was left for long begins anew at its first page.
    staleTime: 60_000,
  });

export const ticketQuery = (number: string) =>
  queryOptions({
    queryKey: ['ticket', number],
    queryFn: async ({ signal }) =>
      data(await api.GET('/v1/tickets/{ticket}', { params: { path: { ticket: number } }, signal })) as Ticket,
  });

export const conversationQuery = (number: string) =>
  queryOptions({
    queryKey: ['ticket', number, 'conversation'],
    queryFn: async ({ client, queryKey, signal }): Promise<Conversation> => {
      const source = sourceOf(number, signal);
      const known = client.getQueryData<Conversation>(queryKey);
      if (!known) return readWhole(source);
      const { conversation, news } = await readOn(known, source);
      if (changesTicket(news)) client.invalidateQueries({ queryKey: ticketQuery(number).queryKey, exact: true });
      return conversation;
    },
  });
