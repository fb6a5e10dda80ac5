import { describe, expect, it } from 'vitest';
import { sortValues } from '../../lib/query.ts';
import { orderNamed } from './read-query.ts';

describe('orderNamed', () => {
  it.each([
    ['is:open sort:created-asc', 'create_time'],
    ['sort:due docs', 'next_due_time'],
    ['sort:priority-desc sort:due', 'priority desc'],
    ['SORT:"Updated-Asc"', 'update_time'],
    ['is:open', undefined],
    ['-sort:due', undefined],
    ['sort:subject', undefined],
    ['"sort:due"', undefined],
    [`sort:due ${'a '.repeat(30)}`, undefined],
  ])('of %j is %s', (q, want) => expect(orderNamed(q, true)).toBe(want));

  it('knows what every order is called', () => {
    for (const sort of sortValues) expect(orderNamed(`sort:${sort}`, false), sort).toBeTruthy();
  });
});
