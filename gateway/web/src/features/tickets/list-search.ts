import type { View } from '../../api/types.ts';

/** What the list shows. It lives in the address, so that going back and sending a link work. */
export interface ListSearch {
  tab: Tab;
  scope: ListScope;
  q: string;
}

export type Tab = 'open' | 'previous' | 'all';
export type ListScope = 'all' | 'mine' | 'cc';

export const tabs: Tab[] = ['open', 'previous', 'all'];
export const scopes: ListScope[] = ['all', 'mine', 'cc'];

const defaults: ListSearch = { tab: 'open', scope: 'all', q: '' };

/** Reads the address; only what differs from the defaults is in it. */
export function readListSearch(search: Record<string, unknown>): Partial<ListSearch> {
  const found: Partial<ListSearch> = {};
  if (tabs.includes(search.tab as Tab) && search.tab !== defaults.tab) found.tab = search.tab as Tab;
  if (scopes.includes(search.scope as ListScope) && search.scope !== defaults.scope)
    found.scope = search.scope as ListScope;
  // The router reads "1042" as a number.
  const q = String(search.q ?? '').trim();
  if (q) found.q = q;
  return found;
}

export function fullSearch(search: Partial<ListSearch>): ListSearch {
  return { ...defaults, ...search };
}

const views: Record<ListScope, View> = { all: 'VIEW_ALL', mine: 'VIEW_MINE', cc: 'VIEW_CC' };
const tabFilters: Record<Tab, string> = { open: 'is:open', previous: 'is:closed', all: '' };

/** The server's filter. `prefix` is how far the query begins after the filter's start, in code points. */
export function filterOf({ tab, q }: ListSearch): { filter: string; prefix: number } {
  const first = tabFilters[tab];
  const filter = [first, q].filter(Boolean).join(' ');
  return { filter, prefix: q && first ? first.length + 1 : 0 };
}

export function viewOf({ scope }: ListSearch): View {
  return views[scope];
}

/** What is left of the server's 500 characters beside the tab's filter. */
export const maxQuery = 480;
