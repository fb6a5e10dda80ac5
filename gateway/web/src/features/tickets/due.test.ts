import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { comeNearer, duesOf, nearnessOf, nextDue } from './due.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const ticket = (part: Partial<Ticket>) => ({ status: 'TICKET_STATUS_OPEN', ...part }) as Ticket;

it.each([
  ['2026-11-24T11:59:59Z', { late: true, soon: false }],
  ['2026-11-24T12:00:00Z', { late: false, soon: true }],
  ['2026-11-24T12:59:59Z', { late: false, soon: true }],
  ['2026-11-24T13:00:00Z', { late: false, soon: false }],
])('knows how near %s is', (firstResponseDueTime, expected) => {
  expect(nextDue(ticket({ firstResponseDueTime }), now)).toMatchObject({ what: 'firstResponse', ...expected });
});

it('tells what was kept from what was late', () => {
  const times = { firstResponseDueTime: '2026-11-24T10:00:00Z', resolutionDueTime: '2026-11-24T11:00:00Z' };
  const done = ticket({
    ...times,
    status: 'TICKET_STATUS_SOLVED',
    firstResponseTime: '2026-11-24T09:00:00Z',
    solveTime: '2026-11-24T11:30:00Z',
  });
  expect(duesOf(done, now).map((due) => due.late)).toEqual([false, true]);
  expect(nextDue(done, now)).toBeUndefined();
});

it('names what comes next, and owes nothing once it is solved', () => {
  const times = { firstResponseDueTime: '2026-11-24T14:00:00Z', resolutionDueTime: '2026-11-25T11:00:00Z' };
  expect(nextDue(ticket(times), now)?.what).toBe('firstResponse');
  expect(nextDue(ticket({ ...times, firstResponseTime: '2026-11-24T11:00:00Z' }), now)?.what).toBe('resolution');
  expect(duesOf(ticket({ ...times, status: 'TICKET_STATUS_CLOSED' }), now)).toEqual([]);
});

it.each([
  ['2026-11-24T12:15:01Z', 'far'],
  ['2026-11-24T12:15:00Z', 'near'],
  ['2026-11-24T12:00:00Z', 'near'],
  ['2026-11-24T11:59:59Z', 'missed'],
])('tells how near %s has come', (at, want) => {
  const due = { what: 'resolution' as const, at, late: false, soon: false };
  expect(nearnessOf(due, now)).toBe(want);
  expect(nearnessOf({ ...due, doneAt: at }, now)).toBeUndefined();
});

it.each([
  ['far', 'near'],
  ['far', 'missed'],
  ['near', 'missed'],
  ['near', undefined],
  ['missed', undefined],
  [undefined, undefined],
] as const)('says of what was %s that it is %s', (was, want) => {
  const at = { near: '2026-11-24T12:10:00Z', missed: '2026-11-24T11:00:00Z' }[want ?? 'near'];
  const due = { what: 'resolution' as const, at, late: false, soon: false };
  expect(comeNearer(new Map([['resolution', was]]), [due], now).map(({ nearness }) => nearness)).toEqual(
    want ? [want] : [],
  );
});
