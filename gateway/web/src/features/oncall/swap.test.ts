import { expect, it } from 'vitest';
import type { Duty } from '../../api/types.ts';
import type { Bar } from './calendar.ts';
import { partnersOf, partOf, swappable } from './swap.ts';

const bar = (id: string | undefined, start: number, end: number): Bar => ({
  duty: id === undefined ? undefined : { person: { id } as Duty['person'], layer: 1, override: '' },
  deliberate: false,
  start,
  end,
  openStart: false,
  openEnd: false,
});
const names = (bars: Bar[]) => bars.map(({ duty, start }) => `${duty?.person.id}${start}`);

it('offers what is not over, and has a partner', () => {
  const bars = [bar('ada', 0, 10), bar('ben', 10, 20), bar(undefined, 20, 30), bar('ada', 30, 40)];
  expect(names(swappable(bars, 5))).toEqual(['ada0', 'ben10', 'ada30']);
  expect(names(swappable(bars, 10))).toEqual(['ben10', 'ada30']);
  expect(swappable(bars, 20)).toEqual([]); // one person alone
  expect(swappable([bar('ada', 0, 10), bar('ben', 0, 10)], 5)).toEqual([]);
  expect(swappable([bar('ada', 0, 10), { ...bar('ben', 10, 20), openEnd: true }], 5)).toEqual([]);
});

it('offers no shift of the same person, nor one at the same time', () => {
  const ada = bar('ada', 10, 20);
  const others = [bar('ada', 20, 30), bar('ben', 0, 10), bar('ben', 15, 25), bar('cem', 20, 30)];
  expect(names(partnersOf(ada, others))).toEqual(['ben0', 'cem20']);
});

it('is sent in instants', () => {
  expect(partOf(bar('ada', 0, 3_600_000))).toEqual({
    person: 'ada',
    startTime: '1970-01-01T00:00:00.000Z',
    endTime: '1970-01-01T01:00:00.000Z',
  });
});
