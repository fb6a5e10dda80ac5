import { useEffect, useState } from 'react';
import type { QueueSearch } from '../queue/search.ts';
import type { ListSearch } from './list-search.ts';

/** A list of tickets as an address. */
export type List = { to: '/queue'; search: Partial<QueueSearch> } | { to: '/tickets'; search: Partial<ListSearch> };

/** What was shown when a ticket was opened from it, so that the way back leads there. */
let left: { list: List; ticket: string } | undefined;

export function leaveList(list: List, ticket: string): void {
  left = { list, ticket };
}

/** Who logs in next begins anew. */
export function forgetList(): void {
  left = undefined;
}

/** Where tickets are listed: the list that was left, else that which one begins with. */
export function listFor({ staff }: { staff: boolean }): List {
  return left?.list ?? { to: staff ? '/queue' : '/tickets', search: {} };
}

/** The ticket that was opened from this list, once. */
export function takeLeftTicket(list: List): string | undefined {
  if (!left?.ticket || JSON.stringify(left.list) !== JSON.stringify(list)) return undefined;
  const { ticket } = left;
  left.ticket = '';
  return ticket;
}

/** The ticket from whose page somebody comes back: after the page has taken the focus, its row gets it. */
export function useFocusBack(list: List): string | undefined {
  const [ticket, setTicket] = useState<string>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: only at first
  useEffect(() => setTicket(takeLeftTicket(list)), []);
  return ticket;
}
