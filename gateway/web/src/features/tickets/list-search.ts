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

/** Reads the address. What is usual is not in it; what is nothing to us is taken out. */
export function readListSearch(search: Record<string, unknown>): Partial<ListSearch> {
  const tab = tabs.find((name) => name === search.tab && name !== defaults.tab);
  const scope = scopes.find((name) => name === search.scope && name !== defaults.scope);
  // The router reads "1042" as a number. And it keeps what is left out, so that it has to be named.
  return { tab, scope, q: String(search.q ?? '').trim() || undefined };
}

export function fullSearch({ tab, scope, q }: Partial<ListSearch>): ListSearch {
  return { tab: tab ?? defaults.tab, scope: scope ?? defaults.scope, q: q ?? defaults.q };
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

/**
 * A query that names the state of its tickets, `is:open`, is another tab: it is not said twice, and does not contradict
 * the tab. Any of several states and what is left out stay in the query.
 */
export function takeTab(search: ListSearch, q: string): ListSearch {
  const words = /(^|\s)is:(open|closed)(?=\s|$)/i;
  const [whole, , state] = words.exec(q) ?? [];
  // Within quotes it is text.
  if (!whole || q.includes('"')) return { ...search, q };
  const tab = state?.toLowerCase() === 'open' ? 'open' : 'previous';
  return { ...search, tab, q: q.replace(words, ' ').replace(/\s+/g, ' ').trim() };
}

/** What is left of the server's 500 characters beside the tab's filter. */
export const maxQuery = 480;
