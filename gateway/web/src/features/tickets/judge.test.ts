import { describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { batchesOf, type Fetch, judge } from './judge.ts';
import { restricted } from './queries.ts';
import type { Verdicts } from './standing.ts';

const ticket = (number: string) => ({ number }) as Ticket;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));

describe('restricted', () => {
  it.each([
    ['is:open', [], 'is:open'],
    ['is:open', ['7'], 'number:7 is:open'],
    ['', ['7', '8'], 'number:7,8'],
    ['"half a phrase', ['7'], 'number:7 "half a phrase'], // behind it, it would be within the quotes
  ])('%s to %j is %s', (filter, only, want) => {
    expect(restricted(filter, only)).toBe(want);
  });
});

describe('batchesOf', () => {
  it.each([
    ['an empty filter', '', range(100_001, 100_200)],
    ['a long one', 'x'.repeat(400), range(1, 120)],
    ['one of other letters', '\u{1f600}'.repeat(400), range(99_990, 100_020)],
    ['one that leaves room for a number', 'x'.repeat(491), ['1', '2']],
  ])('leaves queries within their limit, and no number out: %s', (_, filter, numbers) => {
    const batches = batchesOf(numbers, filter) ?? [];
    expect(batches.flat()).toEqual(numbers);
    for (const [at, batch] of batches.entries()) {
      expect(batch.length).toBeLessThanOrEqual(100);
      expect(Array.from(restricted(filter, batch)).length).toBeLessThanOrEqual(500);
      const next = batches[at + 1]?.[0];
      if (!next || batch.length === 100) continue;
      // None is asked for later than it can be.
      expect(Array.from(restricted(filter, [...batch, next])).length).toBeGreaterThan(500);
    }
  });

  it('knows when there is no room', () => {
    expect(batchesOf(['1'], 'x'.repeat(492))).toBeUndefined();
    expect(batchesOf(['1', '22'], 'x'.repeat(491))).toBeUndefined();
    expect(batchesOf([], 'x'.repeat(500))).toEqual([]);
  });
});

/** A server whose list has these tickets. */
function server(has: string[], pageSize = 50) {
  return vi.fn<Fetch>(async (only) => {
    const found = only.length > 0 ? has.filter((number) => only.includes(number)) : has.slice(0, pageSize);
    const nextPageToken = only.length === 0 && has.length > pageSize ? 'more' : '';
    return { tickets: found.map(ticket), nextPageToken, filterIssues: [], end: undefined };
  });
}
const verdictsOf = (verdicts: Verdicts) =>
  Object.fromEntries([...verdicts].map(([number, found]) => [number, !!found]));
const asked = (fetch: ReturnType<typeof server>) => fetch.mock.calls.map(([only]) => only);

describe('judge', () => {
  const filter = 'is:open';

  it('asks for what has changed, and for nothing else', async () => {
    const fetch = server(['1', '2', '7']);
    const found = await judge({ changed: ['2', '5', '7'], any: false, shown: ['1', '2', '5'], filter }, fetch);
    expect(verdictsOf(found)).toEqual({ 2: true, 5: false, 7: true });
    expect(asked(fetch)).toEqual([['2', '5', '7']]);
  });

  it('asks in few parts', async () => {
    const fetch = server(range(1000, 1100));
    const found = await judge({ changed: range(1001, 1200), any: false, shown: [], filter }, fetch);
    expect(Object.values(verdictsOf(found)).filter(Boolean)).toHaveLength(100);
    expect(found.size).toBe(200);
    expect(asked(fetch).length).toBeLessThanOrEqual(3);
  });

  it('takes the first page for the answer when hundreds have changed, and asks for rows that are not on it', async () => {
    const fetch = server(range(1001, 1300));
    const shown = range(1040, 1060);
    const found = await judge({ changed: range(1045, 1400), any: false, shown, filter }, fetch);
    expect(asked(fetch)[0]).toEqual([]);
    expect(asked(fetch)[1]?.slice(0, 10)).toEqual(range(1051, 1060)); // rows first
    expect(asked(fetch).slice(1).flat()).toHaveLength(200);
    expect(verdictsOf(found)).toMatchObject({ 1001: true, 1060: true });
    expect(found.has('1400')).toBe(false);
  });

  it('needs no more than the first page where that is all', async () => {
    const fetch = server(['1', '2', '7']);
    const found = await judge({ changed: [], any: true, shown: ['1', '2', '5'], filter }, fetch);
    expect(verdictsOf(found)).toEqual({ 1: true, 2: true, 5: false, 7: true });
    expect(asked(fetch)).toEqual([[]]);
  });

  it('asks for every row when anything may have changed', async () => {
    const fetch = server(range(1, 60));
    const found = await judge({ changed: ['90'], any: true, shown: ['1', '55', '80'], filter }, fetch);
    expect(asked(fetch)).toEqual([[], ['55', '80', '90']]);
    expect(verdictsOf(found)).toMatchObject({ 1: true, 55: true, 80: false, 90: false });
  });

  it('makes do with the first page where the query has no room for numbers', async () => {
    const fetch = server(range(1, 60));
    const found = await judge({ changed: ['2', '80'], any: false, shown: ['80'], filter: 'x'.repeat(500) }, fetch);
    expect(asked(fetch)).toEqual([[]]);
    expect([found.has('2'), found.has('80')]).toEqual([true, false]);
  });

  it('makes do with it, too, where the query has no room for a term', async () => {
    const one = server(range(1, 60));
    const fetch = vi.fn<Fetch>((only) =>
      only.length > 0 ? Promise.reject(new ApiError(400, { reason: 'QUERY_TOO_COMPLEX' })) : one(only),
    );
    const found = await judge({ changed: ['2', '80'], any: false, shown: ['80'], filter }, fetch);
    expect([found.has('2'), found.has('80')]).toEqual([true, false]);
  });

  it.each([0, 429, 503])('does not take a failure for an answer: %i', async (status) => {
    const error = new ApiError(status, {});
    const fetch = vi.fn<Fetch>(() => Promise.reject(error));
    await expect(judge({ changed: ['2'], any: false, shown: [], filter }, fetch)).rejects.toBe(error);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
