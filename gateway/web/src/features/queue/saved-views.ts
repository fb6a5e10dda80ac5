import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { SavedView } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { useSelf } from '../session/session.ts';
import { staffQuery } from '../staff/staff.ts';
import { sameQuery } from './filter.ts';
import { type Order, orders, type QueueSearch } from './search.ts';

type What = Pick<QueueSearch, 'q' | 'order'>;

export const viewsQuery = queryOptions({
  queryKey: ['views'],
  staleTime: 60_000,
  queryFn: ({ signal }) =>
    readAll(async (pageToken) => {
      const page = data(await api.GET('/v1/views', { params: { query: { pageSize: 100, pageToken } }, signal }));
      return [page.views as SavedView[], page.nextPageToken];
    }),
});

/** Supervisors and admins change what all have. Until roles are known nobody does. */
export function useSupervises(enabled = true): boolean {
  const self = useSelf();
  const { data: staff } = useQuery({ ...staffQuery, enabled });
  const role = staff?.find(({ id }) => id === self.id)?.role;
  return role === 'STAFF_ROLE_SUPERVISOR' || role === 'STAFF_ROLE_ADMIN';
}

/** Why a view was not saved. */
export function refusalOf(error: unknown): string {
  if (!(error instanceof ApiError)) return sentenceOf(error);
  if (error.reason === 'TOO_MANY_VIEWS') return staffText.views.tooMany;
  return error.fields.some(({ path }) => path === 'view.filter') ? staffText.views.notUnderstood : sentenceOf(error);
}

/** The order of the queue that is the server's. */
export function orderOf(orderBy: string): Order {
  const wanted = orderBy.trim().replace(/\s+/g, ' ').replace(/ asc$/, '');
  return (Object.keys(orders) as Order[]).find((name) => orders[name] === wanted) ?? 'changed';
}

/** Where a view leads. */
export function searchOf(view: Pick<SavedView, 'filter' | 'orderBy'>): What {
  return { q: view.filter, order: orderOf(view.orderBy) };
}

/** What a view keeps of what is shown. */
export const kept = ({ q, order }: What) => ({ filter: q, orderBy: orders[order] });

/** Whether this is what the view shows, in its order. */
export function isShown(view: Pick<SavedView, 'filter' | 'orderBy'>, { q, order }: What): boolean {
  const own = searchOf(view);
  return sameQuery(own.q, q) && order === own.order;
}

/** The person's own views and those that all have, each in their order. */
export function grouped(views: SavedView[]): { own: SavedView[]; shared: SavedView[] } {
  return { own: views.filter((view) => !view.shared), shared: views.filter((view) => view.shared) };
}

/** The place behind all others. */
export function lastPosition(views: Pick<SavedView, 'position'>[]): number {
  return Math.max(0, ...views.map(({ position }) => position)) + 1;
}

/** The views of a group with new positions, after one of them was moved. */
export function moved(group: SavedView[], id: string, by: 1 | -1): SavedView[] {
  const from = group.findIndex((view) => view.id === id);
  const to = from + by;
  const [one, other] = [group[from], group[to]];
  if (!one || !other) return group;
  // Of two that have changed places only these two need new numbers, unless some have the same.
  const places = group.map(({ position }) => position);
  const rising = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return group
    .with(from, other)
    .with(to, one)
    .map((view, index) => ({ ...view, position: (rising ? places[index] : undefined) ?? index + 1 }));
}

/** Those of them whose position is another one than before. */
export function replaced(before: SavedView[], after: SavedView[]): SavedView[] {
  const was = new Map(before.map(({ id, position }) => [id, position]));
  return after.filter(({ id, position }) => was.get(id) !== position);
}

/** Where the focus goes from a view that is removed: to the next one, to the one before if it was the last. */
export function besides(views: SavedView[], id: string): SavedView | undefined {
  const at = views.findIndex((view) => view.id === id);
  return views[at + 1] ?? views[at - 1];
}

export type ViewPart = Partial<Pick<SavedView, 'name' | 'filter' | 'orderBy' | 'shared' | 'position'>>;

/** A view to be made. Asked for again under its id, as when the answer was lost, it is made once. */
export type NewView = ViewPart & { name: string; requestId: string };

async function patch(id: string, body: ViewPart): Promise<SavedView> {
  return data(await api.PATCH('/v1/views/{view}', { params: { path: { view: id } }, body })) as SavedView;
}

const byPosition = (a: SavedView, b: SavedView) => a.position - b.position || (a.id < b.id ? -1 : 1);

const moveKey = ['move-view'];

/** What was done to a view. */
export interface Done {
  what: 'saved' | 'replaced' | 'removed';
  view: SavedView;
}

/** Changes views, and shows them changed. `onDone` is told even if what asked for it is gone by then. */
export function useViews(onDone?: (done: Done) => void) {
  const client = useQueryClient();
  const put = (change: (views: SavedView[]) => SavedView[]) =>
    client.setQueryData(viewsQuery.queryKey, (old) => old && change(old).sort(byPosition));
  const load = () => client.invalidateQueries({ queryKey: viewsQuery.queryKey });
  const show = (view: SavedView) => put((old) => [...old.filter(({ id }) => id !== view.id), view]);

  const create = useMutation({
    mutationFn: async ({ requestId, ...view }: NewView) =>
      data(await api.POST('/v1/views', { params: { query: { requestId } }, body: view })) as SavedView,
    onSuccess: show,
    onSettled: load,
  });
  const update = useMutation({
    mutationFn: ({ id, ...part }: ViewPart & { id: string }) => patch(id, part),
    onSuccess: (view, { filter }) => {
      show(view);
      onDone?.({ what: filter === undefined ? 'saved' : 'replaced', view });
    },
    onSettled: load,
  });
  const remove = useMutation({
    mutationFn: ({ id }: SavedView) => api.DELETE('/v1/views/{view}', { params: { path: { view: id } } }),
    onSuccess: (_, view) => {
      put((old) => old.filter(({ id }) => id !== view.id));
      onDone?.({ what: 'removed', view });
    },
    onSettled: load,
  });
  const move = useMutation({
    mutationKey: moveKey,
    scope: { id: 'move-view' }, // one after the other: the last order is the one that stays
    mutationFn: ({ before, after }: { before: SavedView[]; after: SavedView[] }) =>
      Promise.all(replaced(before, after).map(({ id, position }) => patch(id, { position }))),
    // At once: the next press is about the order that this one has made.
    onMutate: ({ after }) => put((old) => old.map((view) => after.find(({ id }) => id === view.id) ?? view)),
    // What the server has while the next one is under way is an order that nobody wants to see.
    onSettled: () => client.isMutating({ mutationKey: moveKey }) === 1 && load(),
  });
  return { create, update, remove, move };
}
