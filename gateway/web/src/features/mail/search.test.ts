import { expect, it } from 'vitest';
import { readMailSearch } from './search.ts';

it.each([
  [{}, undefined, undefined],
  [{ verdict: 'quarantined', ticket: 1042 }, 'quarantined', 1042],
  [{ verdict: 'nonsense', ticket: '1042' }, undefined, undefined],
  [{ verdict: ['ignored'], ticket: 0 }, undefined, undefined],
  [{ ticket: -3 }, undefined, undefined],
  [{ ticket: 1.5 }, undefined, undefined],
  [{ ticket: 1e30 }, undefined, undefined],
])('%o lists what there can be', (search, verdict, ticket) => {
  expect(readMailSearch(search)).toEqual({ verdict, ticket });
});
