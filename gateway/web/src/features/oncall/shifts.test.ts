import { expect, it } from 'vitest';
import type { OnCallShift } from '../../api/types.ts';
import { beginning, handOver } from './shifts.ts';

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
