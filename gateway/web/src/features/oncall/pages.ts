import {
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, data } from '../../api/client.ts';
import type { EngineerPage } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { notices } from '../../ui/notices.tsx';
import { useSelf } from '../session/session.ts';

/** While somebody waits for an answer, a page is asked for this often: steps begin by themselves. */
const often = 5_000;
const seldom = 60_000;

/** Whether somebody is still to acknowledge. */
export function isWaiting({ state }: Pick<EngineerPage, 'state'>): boolean {
  return ['PAGE_STATE_PAGING', 'PAGE_STATE_DELIVERED', 'PAGE_STATE_EXHAUSTED'].includes(state);
}

/** Whether somebody has taken it, and paging can begin again. */
export function isAcknowledged({ state }: Pick<EngineerPage, 'state'>): boolean {
  return state === 'PAGE_STATE_ACKNOWLEDGED';
}

/** Whether nobody has taken it and nobody is left to call: paging can begin again. */
export function isExhausted({ state }: Pick<EngineerPage, 'state'>): boolean {
  return state === 'PAGE_STATE_EXHAUSTED';
}

/** Whether a further step can be taken. */
export function canEscalate(page: Pick<EngineerPage, 'state'>): boolean {
  return isWaiting(page) && !isExhausted(page);
}

export const pageQuery = (id: string) =>
  queryOptions({
    queryKey: ['page', id],
    queryFn: async ({ signal }) =>
      data(await api.GET('/v1/pages/{page}', { params: { path: { page: id } }, signal })) as EngineerPage,
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? often : seldom),
  });

async function listPages(open: boolean, pageToken: string, signal: AbortSignal) {
  const query = { open, pageSize: open ? 100 : 20, pageToken };
  const answer = data(await api.GET('/v1/pages', { params: { query }, signal }));
  return { pages: answer.pages as EngineerPage[], nextPageToken: answer.nextPageToken ?? '' };
}

/** The pages that nobody has acknowledged, newest first. */
export const openPagesQuery = queryOptions({
  queryKey: ['pages', 'open'],
  queryFn: async ({ signal }) => (await listPages(true, '', signal)).pages,
  refetchInterval: often,
});

/** All pages, newest first. */
export const allPagesQuery = infiniteQueryOptions({
  queryKey: ['pages', 'all'],
  queryFn: ({ pageParam, signal }) => listPages(false, pageParam, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextPageToken || undefined,
});

/** All pages, asked for again when one that was open is so no more: somebody else may have taken it. */
export function useAllPages() {
  const all = useInfiniteQuery(allPagesQuery);
  const { refetch } = all;
  const { data: open } = useQuery(openPagesQuery);
  const before = useRef(open);
  useEffect(() => {
    const gone = before.current?.some(({ id }) => !open?.some((page) => page.id === id));
    before.current = open;
    if (gone) refetch();
  }, [open, refetch]);
  return all;
}

export type PageDeed = 'acknowledge' | 'escalate';

/** Acknowledges or escalates, and says who was first where that was somebody else. */
export function usePageDeed(page: Pick<EngineerPage, 'id' | 'ticket'>) {
  const client = useQueryClient();
  const self = useSelf();
  return useMutation({
    mutationFn: async (deed: PageDeed) => {
      const request = { params: { path: { page: page.id } }, body: {} };
      return data(
        deed === 'acknowledge'
          ? await api.POST('/v1/pages/{page}:acknowledge', request)
          : await api.POST('/v1/pages/{page}:escalate', request),
      ) as EngineerPage;
    },
    onSuccess: (now, deed) => {
      const say = staffText.pages;
      if (deed === 'escalate') notices.say(say.escalated);
      else if (now.acknowledgedBy?.id === self.id) notices.say(say.acknowledged);
      else notices.say(say.first(now.acknowledgedBy?.name ?? ''));
    },
    onSettled: () => refresh(client, page.id, page.ticket),
  });
}

/** Takes an acknowledgement back for a reason, lets it end after some seconds, or pages again though no step is left. */
export type Again = { deed: 'unacknowledge' | 'escalate'; reason: string } | { seconds: number };

export function usePageAgain(page: Pick<EngineerPage, 'id' | 'ticket'>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (again: Again) => {
      const params = { path: { page: page.id } };
      if ('seconds' in again)
        return api.POST('/v1/pages/{page}:snooze', { params, body: { duration: `${again.seconds}s` } });
      const body = { reason: again.reason };
      return again.deed === 'escalate'
        ? api.POST('/v1/pages/{page}:escalate', { params, body })
        : api.POST('/v1/pages/{page}:unacknowledge', { params, body });
    },
    onSettled: () => refresh(client, page.id, page.ticket),
  });
}

export function useOpenPage(ticket: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (reason: string) =>
      data(await api.POST('/v1/pages', { body: { ticket, reason } })) as EngineerPage,
    onSuccess: (page) => refresh(client, page.id, ticket),
  });
}

function refresh(client: ReturnType<typeof useQueryClient>, page: string, ticket: string) {
  client.invalidateQueries({ queryKey: ['page', page] });
  client.invalidateQueries({ queryKey: ['pages'] });
  client.invalidateQueries({ queryKey: ['ticket', ticket] });
}
