import type { QueueSearch } from './search.ts';

/** What the queue showed when a ticket was opened from it, so that the way back leads there. */
interface Left {
  search: Partial<QueueSearch>;
  ticket: string;
}

let left: Left | undefined;

export function leaveQueue(search: Partial<QueueSearch>, ticket: string): void {
  left = { search, ticket };
}

/** Who logs in next begins anew. */
export function forgetQueue(): void {
  left = undefined;
}

/** The queue that was left, the whole one if none was. */
export function leftSearch(): Partial<QueueSearch> {
  return left?.search ?? {};
}

/** Where tickets are listed: for staff the queue as it was left. */
export function listFor({ staff }: { staff: boolean }) {
  return staff ? ({ to: '/queue', search: leftSearch() } as const) : ({ to: '/tickets' } as const);
}

/** The ticket that was opened from this queue, once. */
export function takeLeftTicket(search: Partial<QueueSearch>): string | undefined {
  if (!left?.ticket || JSON.stringify(left.search) !== JSON.stringify(search)) return undefined;
  const { ticket } = left;
  left = { ...left, ticket: '' };
  return ticket;
}
