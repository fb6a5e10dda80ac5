import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { isStale } from '../tickets/stale.ts';
import { type BulkResult, type BulkWish, changeMany, refusalOf, stillMarked, without } from './bulk.ts';

type Send = NonNullable<Parameters<typeof changeMany>[2]>;
type Batch = Parameters<Send>[0];

const wish: BulkWish = { field: 'assignee', assignee: 'ada' };
const tickets = Array.from({ length: 230 }, (_, n) => ({ number: `${n}`, subject: `s${n}`, etag: `e${n}` }) as Ticket);
const done = ({ updates }: Batch) =>
  updates.map(({ ticket }) => ({ number: ticket, ticket: { number: ticket } as Ticket }));

describe('changeMany', () => {
  it('asks for a hundred at a time, and has results in the order of the tickets', async () => {
    const batches: Batch[] = [];
    const results = await changeMany(tickets, wish, async (batch) => {
      batches.push(batch);
      return done(batch);
    });
    expect(batches.map(({ updates }) => updates.length)).toEqual([100, 100, 30]);
    expect(batches[1]?.updates[0]).toEqual({ ticket: '100', etag: 'e100', assignee: 'ada' });
    expect(new Set(batches.map(({ requestId }) => requestId)).size).toBe(3);
    expect(results.map(({ number }) => number)).toEqual(tickets.map(({ number }) => number));
    expect(results.every((result) => 'ticket' in result)).toBe(true);
  });

  it('tells which one was refused', async () => {
    const results = await changeMany(
      tickets.slice(0, 3),
      { field: 'status', status: 'TICKET_STATUS_OPEN' },
      async (batch) => {
        const answers = done(batch);
        return [answers[0] ?? {}, { number: '1', error: { code: 9, message: 'it is closed' } }, answers[2] ?? {}];
      },
    );
    expect(results.map((result) => 'error' in result && result.error)).toEqual([
      false,
      await refusalOf({ code: 9, message: 'it is closed' }),
      false,
    ]);
  });

  it('asks again under the same id when no answer came', async () => {
    const ids: (string | undefined)[] = [];
    const results = await changeMany(tickets.slice(0, 1), wish, async (batch) => {
      ids.push(batch.requestId);
      if (ids.length === 1) throw new ApiError(0, {});
      return done(batch);
    });
    expect(ids[0]).toBeTruthy();
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(results).toMatchObject([{ number: '0', ticket: { number: '0' } }]);
  });

  it.each([
    ['without an answer twice', new ApiError(0, {}), 4],
    ['refused as a whole', new ApiError(400, { detail: 'no such person' }), 2],
  ])('says of each ticket that the request failed: %s', async (_, error, calls) => {
    let called = 0;
    const results = await changeMany(tickets.slice(0, 101), wish, async () => {
      called++;
      throw error;
    });
    expect(called).toBe(calls);
    expect(results).toHaveLength(101);
    expect(results.every((result) => 'error' in result && result.error === error)).toBe(true);
  });

  it('does nothing for nothing', async () => {
    expect(await changeMany([], wish, () => Promise.reject(new Error('asked')))).toEqual([]);
  });
});

describe('refusalOf', () => {
  it('reads why a ticket was refused', async () => {
    const stale = await refusalOf({
      code: 10,
      message: 'the ticket has changed',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'ETAG_MISMATCH', domain: 'support' }],
    });
    expect([stale.status, stale.message, isStale(stale)]).toEqual([409, 'the ticket has changed', true]);
  });

  it('reads which fields were wrong', async () => {
    const wrong = await refusalOf({
      code: 3,
      details: [
        { '@type': 'x', reason: 'INVALID_FIELD', domain: 'support' },
        { '@type': 'y', fieldViolations: [{ field: 'assignee', reason: 'UNKNOWN', description: 'is nobody' }] },
      ],
    });
    expect(wrong.reason).toBe('INVALID_FIELD');
    expect(wrong.fields).toEqual([{ path: 'assignee', reason: 'UNKNOWN', description: 'is nobody' }]);
  });

  it.each([undefined, {}, { code: 13 }])('takes %j for a fault of the server', async (status) => {
    expect((await refusalOf(status)).status).toBe(500);
  });
});

it('keeps marked what was refused, and what was marked meanwhile', () => {
  const results: BulkResult[] = [
    { number: '1', subject: '', ticket: tickets[1] as Ticket },
    { number: '2', subject: '', error: new ApiError(409, {}) },
  ];
  expect([...stillMarked(new Set(['1', '2', '3']), results)]).toEqual(['2', '3']);
});

it('takes the marks of what has left the list, and is the same where none has', () => {
  const marked = new Set(['1', '2', '3']);
  expect([...without(marked, new Set(['2', '9']))]).toEqual(['1', '3']);
  expect(without(marked, new Set(['9']))).toBe(marked);
});
