import { describe, expect, it } from 'vitest';
import { filterOf, fullSearch, readListSearch, takeTab } from './list-search.ts';

describe('readListSearch', () => {
  it.each([
    [{}, {}],
    [
      { tab: 'previous', scope: 'cc', q: ' app:shop ' },
      { tab: 'previous', scope: 'cc', q: 'app:shop' },
    ],
    [{ tab: 'open', scope: 'all', q: '' }, {}],
    [{ tab: 'nope', scope: 7 }, {}],
    [{ q: 1042 }, { q: '1042' }],
  ])('%j is %j', (search, want) => {
    expect(readListSearch(search)).toEqual(want);
  });
});

describe('filterOf', () => {
  it.each([
    [{}, { filter: 'is:open', prefix: 0 }],
    [{ q: 'app:shop' }, { filter: 'is:open app:shop', prefix: 8 }],
    [
      { tab: 'previous', q: 'x' },
      { filter: 'is:closed x', prefix: 10 },
    ],
    [
      { tab: 'all', q: 'x' },
      { filter: 'x', prefix: 0 },
    ],
  ] as const)('%j is %j', (search, want) => {
    expect(filterOf(fullSearch(search))).toEqual(want);
  });
});

describe('takeTab', () => {
  it.each([
    ['is:closed app:shop', { tab: 'previous', q: 'app:shop' }],
    ['app:shop IS:OPEN', { tab: 'open', q: 'app:shop' }],
    ['is:open', { tab: 'open', q: '' }],
    ['-is:open', { tab: 'all', q: '-is:open' }],
    ['is:open,pending', { tab: 'all', q: 'is:open,pending' }],
    ['"say is:open now"', { tab: 'all', q: '"say is:open now"' }],
    ['this:open', { tab: 'all', q: 'this:open' }],
    ['is:pending', { tab: 'all', q: 'is:pending' }],
  ])('%s is %j', (q, want) => {
    expect(takeTab(fullSearch({ tab: 'all' }), q)).toEqual({ scope: 'all', ...want });
  });
});
