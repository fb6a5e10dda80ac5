import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/problem.ts';
import type { SavedView } from '../../api/types.ts';
import { countText } from '../tickets/count.ts';
import { besides, grouped, isShown, kept, lastPosition, moved, refusalOf, replaced, searchOf } from './saved-views.ts';

const view = (id: string, position: number, part: Partial<SavedView> = {}): SavedView => ({
  id,
  position,
  name: id,
  filter: 'is:open',
  orderBy: '',
  shared: false,
  createTime: '',
  updateTime: '',
  ...part,
});

describe('what a view shows', () => {
  it.each([
    ['', 'changed'],
    ['update_time desc', 'changed'],
    ['create_time', 'oldest'],
    ['create_time asc', 'oldest'],
    [' create_time  desc ', 'newest'],
    ['next_due_time', 'due'],
    ['priority desc', 'urgent'],
    ['something of tomorrow', 'changed'],
  ])('in the order "%s"', (orderBy, order) => {
    expect(searchOf(view('v', 1, { orderBy }))).toEqual({ q: 'is:open', order });
  });

  it.each([
    ['is:open', 'oldest', true],
    ['is:open  ', 'oldest', true],
    ['is:open', 'due', false],
    ['is:open', 'changed', false],
    ['is:new', 'oldest', false],
  ] as const)('is "%s" by %s: %s', (q, order, want) => {
    expect(isShown(view('v', 1, { orderBy: 'create_time' }), { q, order })).toBe(want);
  });

  it('is kept, with its order', () => {
    expect(kept({ q: 'is:new', order: 'quiet' })).toEqual({ filter: 'is:new', orderBy: 'update_time' });
    expect(searchOf(kept({ q: '', order: 'due' }))).toEqual({ q: '', order: 'due' });
  });
});

describe('the order of views', () => {
  const ids = (views: SavedView[]) => views.map(({ id }) => id).join('');

  it('is one of each group', () => {
    const { own, shared } = grouped([view('a', 1), view('b', 2, { shared: true }), view('c', 3)]);
    expect([ids(own), ids(shared)]).toEqual(['ac', 'b']);
  });

  it.each([
    ['b', -1, 'bac', { a: 4, b: 1 }],
    ['b', 1, 'acb', { b: 9, c: 4 }],
    ['a', -1, 'abc', {}],
    ['c', 1, 'abc', {}],
    ['x', 1, 'abc', {}],
  ] as const)('after %s moved by %d is %s', (id, by, want, changes) => {
    const before = [view('a', 1), view('b', 4), view('c', 9)];
    const after = moved(before, id, by);
    expect(ids(after)).toBe(want);
    expect(Object.fromEntries(replaced(before, after).map((one) => [one.id, one.position]))).toEqual(changes);
  });

  it('is counted anew where several stand at one place', () => {
    const before = [view('a', 0), view('b', 0), view('c', 3)];
    const after = moved(before, 'b', -1);
    expect(after.map(({ id, position }) => [id, position])).toEqual([
      ['b', 1],
      ['a', 2],
      ['c', 3],
    ]);
    expect(ids(replaced(before, after))).toBe('ba');
  });

  it('has the newest last', () => {
    expect([lastPosition([]), lastPosition([view('a', 7), view('b', 2)])]).toEqual([1, 8]);
  });
});

describe('a refusal', () => {
  it.each([
    [
      new ApiError(400, { reason: 'TOO_MANY_VIEWS', detail: 'one person can have 50 views' }),
      /^You have as many views/,
    ],
    [
      new ApiError(400, { fields: [{ path: 'view.filter', reason: 'UNKNOWN_KEY', description: 'x' }] }),
      /^Part of the query is not understood/,
    ],
    [new ApiError(404, { reason: 'VIEW_NOT_FOUND', detail: 'there is no such view' }), /^there is no such view$/],
    [new ApiError(503, {}), /./],
  ])('%s', (error, want) => {
    expect(refusalOf(error)).toMatch(want);
  });
});

describe('a count', () => {
  it.each([
    [{ n: 7, more: false }, '7'],
    [{ n: 1000, more: false }, '1,000'],
    [{ n: 1000, more: true }, '1,000+'],
  ])('%o reads %s', (count, want) => {
    expect(countText(count)).toBe(want);
  });
});

it.each([
  ['a', 'b'],
  ['b', 'c'],
  ['c', 'b'],
])('from %s, which is removed, the way leads to %s', (gone, want) => {
  const all = ['a', 'b', 'c'].map((id, place) => view(id, place));
  expect(besides(all, gone)?.id).toBe(want);
  expect(besides(all.slice(0, 1), 'a')).toBeUndefined();
});
