import { expect, it } from 'vitest';
import { fullQueueSearch, readQueueSearch } from './search.ts';

it.each([
  [{}, { q: 'is:open', order: 'changed', ticket: '' }],
  [{ q: '' }, { q: '', order: 'changed', ticket: '' }],
  [{ q: 1042 }, { q: '1042', order: 'changed', ticket: '' }],
  [
    { q: ' is:pending ', order: 'oldest', ticket: 7 },
    { q: 'is:pending', order: 'oldest', ticket: '7' },
  ],
  [
    { order: 'sideways', ticket: '../x' },
    { q: 'is:open', order: 'changed', ticket: '' },
  ],
])('reads %j', (search, expected) => {
  expect(fullQueueSearch(readQueueSearch(search))).toEqual(expected);
});

it('keeps what is usual out of the address', () => {
  const search = readQueueSearch({ q: 'is:open', order: 'changed', other: 1 });
  expect(Object.values(search).filter((value) => value !== undefined)).toEqual([]);
});
