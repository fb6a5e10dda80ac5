import { expect, it } from 'vitest';
import type { OnCallShift } from '../../api/types.ts';
import { beginning, handOver, likelyToCome } from './shifts.ts';

const shift = (schedule: string, endTime?: string, name?: string) =>
  ({
    schedule,
    scheduleName: schedule,
    ...(endTime && { endTime }),
    ...(name && { person: { id: name, name } }),
  }) as OnCallShift;

it('finds the next hand-over by time, not by text', () => {
  const shifts = [shift('a', '2026-12-01T08:00:00Z'), shift('b', '2026-11-30T08:00:00.5Z'), shift('c')];
  expect(handOver(shifts)).toBe('2026-11-30T08:00:00.5Z');
  expect(handOver([shift('c')])).toBeUndefined();
  expect(handOver([])).toBeUndefined();
});

it('takes the schedules whose shift ends then, gaps included', () => {
  const at = '2026-12-01T08:00:00Z';
  const before = [shift('a', at, 'ada'), shift('b', '2026-12-05T08:00:00Z', 'bo'), shift('c', at, 'cy')];
  const after = [shift('a', '2026-12-08T08:00:00Z', 'di'), shift('b', '2026-12-05T08:00:00Z', 'bo'), shift('c')];
  expect(beginning(before, after, at)).toEqual([
    { schedule: 'a', scheduleName: 'a', person: { id: 'di', name: 'di' }, start: at, end: '2026-12-08T08:00:00Z' },
    { schedule: 'c', scheduleName: 'c', person: undefined, start: at, end: undefined },
  ]);
});

it('knows about how many are to come before they are there', () => {
  const [monday, tuesday] = ['2026-12-01T08:00:00Z', '2026-12-02T08:00:00Z'];
  expect(likelyToCome(undefined)).toBe(6);
  expect(likelyToCome([])).toBe(0);
  expect(likelyToCome([shift('a')])).toBe(0); // it never ends
  expect(likelyToCome([shift('a', monday), shift('b', tuesday)])).toBe(6);
  expect(likelyToCome([shift('a', monday), shift('b', monday), shift('c')])).toBe(12);
});
