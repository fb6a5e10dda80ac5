/** What the queue shows. It lives in the address, so that going back and sending a link work. */
export interface QueueSearch {
  q: string;
  order: Order;
  /** The ticket that is shown beside the list, "" for none. */
  ticket: string;
}

/** Orders by their names in the address and at the server. */
export const orders = {
  changed: 'update_time desc',
  newest: 'create_time desc',
  oldest: 'create_time',
  quiet: 'update_time',
  due: 'next_due_time',
  urgent: 'priority desc',
} as const;

export type Order = keyof typeof orders;

const defaults: QueueSearch = { q: 'is:open', order: 'changed', ticket: '' };

/** Reads the address. What is usual is not in it; what is nothing to us is taken out, for which it has to be named. */
export function readQueueSearch(search: Record<string, unknown>): Partial<QueueSearch> {
  const q = search.q === undefined ? defaults.q : String(search.q).trim();
  const order = Object.keys(orders).find((name) => name === search.order) as Order | undefined;
  const ticket = String(search.ticket ?? '');
  return {
    q: q === defaults.q ? undefined : q,
    order: order === defaults.order ? undefined : order,
    ticket: /^[1-9]\d*$/.test(ticket) ? ticket : undefined,
  } as Partial<QueueSearch>;
}

export function fullQueueSearch({ q, order, ticket }: Partial<QueueSearch>): QueueSearch {
  return { q: q ?? defaults.q, order: order ?? defaults.order, ticket: ticket ?? defaults.ticket };
}

export type ViewName = 'unassigned' | 'mine' | 'due' | 'urgent' | 'open';

/** Views that everybody has: each is a query with an order, and can be changed further. */
export const views: Record<ViewName, Pick<QueueSearch, 'q' | 'order'>> = {
  unassigned: { q: 'is:open is:unassigned', order: 'changed' },
  mine: { q: 'is:open assignee:@me', order: 'changed' },
  due: { q: 'is:open', order: 'due' },
  urgent: { q: 'is:open priority:urgent', order: 'changed' },
  open: { q: 'is:open', order: 'changed' },
};
