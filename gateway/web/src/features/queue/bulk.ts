import type { Ticket } from '../../api/types.ts';
import { sendWish, type Wish } from '../tickets/staff-change.ts';

/** What became of one ticket of many. */
export type BulkResult = { number: string; subject: string } & ({ ticket: Ticket } | { error: unknown });

export type BulkWish = Extract<Wish, { field: 'status' | 'assignee' }>;

type Send = (ticket: Ticket, wish: BulkWish) => Promise<Ticket>;

/** Requests at once: more would only wait for each other, and for those of other people. */
const atOnce = 4;

/**
 * Makes the same change in many tickets, and says of each what became of it: one that is refused stops no other. The
 * tickets are as they were seen, so that one that somebody else has changed since is refused, too.
 */
export async function changeMany(tickets: Ticket[], wish: BulkWish, send: Send = sendWish): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  const waiting = tickets.entries();
  const work = async () => {
    for (const [index, ticket] of waiting) {
      const { number, subject } = ticket;
      results[index] = await send(ticket, wish).then(
        (now) => ({ number, subject, ticket: now }),
        (error: unknown) => ({ number, subject, error }),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}
