import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { type BulkWish, changeMany } from './bulk.ts';

const wish: BulkWish = { field: 'assignee', assignee: 'ada' };
const tickets = Array.from({ length: 11 }, (_, n) => ({ number: String(n), subject: `s${n}` }) as Ticket);

it('has four requests under way, and results in the order of the tickets', async () => {
  let running = 0;
  let most = 0;
  const results = await changeMany(tickets, wish, async (ticket) => {
    most = Math.max(most, ++running);
    // The later ones are answered first.
    for (let turn = 0; turn < 12 - Number(ticket.number); turn++) await Promise.resolve();
    running--;
    return ticket;
  });
  expect(most).toBe(4);
  expect(results.map(({ number }) => number)).toEqual(tickets.map(({ number }) => number));
});

it('goes on after one that is refused, and tells which', async () => {
  const refused = new Error('closed');
  const results = await changeMany(tickets, wish, async (ticket) => {
    if (ticket.number === '3') throw refused;
    return ticket;
  });
  expect(results.filter((result) => 'error' in result)).toEqual([{ number: '3', subject: 's3', error: refused }]);
  expect(results).toHaveLength(11);
});

it('does nothing for nothing', async () => {
  expect(await changeMany([], wish)).toEqual([]);
});
