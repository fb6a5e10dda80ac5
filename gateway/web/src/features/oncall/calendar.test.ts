import { describe, expect, it } from 'vitest';
import type { Duty, Shift } from '../../api/types.ts';
import {
  addDays,
  barsOf,
  edgesOf,
  hueOf,
  instantAt,
  peopleOf,
  positionIn,
  readCalendarSearch,
  segmentsOf,
  turn,
  weeksOf,
} from './calendar.ts';

const duty = (id: string, layer = 1, override = ''): Duty => ({
  person: { id, name: id, email: `${id}@altis.example` } as Duty['person'],
  layer,
  override,
});
const shift = (startTime: string, endTime: string, ...duties: Duty[]): Shift => ({
  startTime,
  endTime,
  duties,
  deliberate: false,
});

describe('what is shown', () => {
  it.each([
    ['week', '2026-11-30', ['2026-11-30']],
    ['week', '2026-11-29', ['2026-11-23']], // a Sunday
    ['fortnight', '2026-12-02', ['2026-11-30', '2026-12-07']],
    ['month', '2026-11-30', ['2026-10-26', '2026-11-02', '2026-11-09', '2026-11-16', '2026-11-23', '2026-11-30']],
    ['month', '2026-02-10', ['2026-01-26', '2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23']],
    ['month', '2021-02-28', ['2021-02-01', '2021-02-08', '2021-02-15', '2021-02-22']],
    ['month', '2026-12-31', ['2026-11-30', '2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28']],
  ] as const)('%s of %s', (view, day, mondays) => {
    const weeks = weeksOf(view, day);
    expect(weeks.map(([first]) => first)).toEqual(mondays);
    for (const week of weeks) expect(week[6]).toBe(addDays(week[0] ?? '', 6));
  });
  it.each([
    ['week', '2026-12-30', 1, '2027-01-06'],
    ['fortnight', '2026-12-30', -1, '2026-12-16'],
    ['month', '2026-01-31', 1, '2026-02-01'],
    ['month', '2026-01-31', -1, '2025-12-01'],
  ] as const)('turns the page of a %s', (view, day, by, want) => {
    expect(turn(view, day, by)).toBe(want);
  });
  it.each([
    [
      { view: 'month', day: '2026-11-30' },
      { view: 'month', day: '2026-11-30' },
    ],
    [{ view: 'year', day: '2026-13-30' }, {}],
    [{ view: ['week'], day: 20261130 }, {}],
  ])('is read from the address %o', (search, want) => {
    expect(readCalendarSearch(search)).toEqual(want);
  });
});

describe('bars', () => {
  it('go on while others come and go', () => {
    const bars = barsOf([
      shift('2026-11-30T09:00Z', '2026-12-01T09:00Z', duty('ada')),
      shift('2026-12-01T09:00Z', '2026-12-01T12:00Z', duty('ada'), duty('ben', 0, 'o1')),
      shift('2026-12-01T12:00Z', '2026-12-02T09:00Z', duty('ada')),
      shift('2026-12-02T09:00Z', '2026-12-03T09:00Z'),
      shift('2026-12-03T09:00Z', '2026-12-04T09:00Z', duty('ada')),
    ]);
    const hours = (n: number) => n / 3_600_000;
    expect(bars.map(({ duty, start, end }) => [duty?.person.id, hours(end - start)])).toEqual([
      ['ada', 48],
      ['ben', 3],
      [undefined, 24],
      ['ada', 24],
    ]);
  });
  it('are apart by the reason, and gaps by whether they are meant', () => {
    const bars = barsOf([
      shift('2026-11-30T09:00Z', '2026-11-30T10:00Z', duty('ada')),
      shift('2026-11-30T10:00Z', '2026-11-30T11:00Z', duty('ada', 0, 'o1')),
      shift('2026-11-30T11:00Z', '2026-11-30T12:00Z'),
      { ...shift('2026-11-30T12:00Z', '2026-11-30T13:00Z'), deliberate: true },
    ]);
    expect(bars.map(({ duty, deliberate }) => [duty?.override, deliberate])).toEqual([
      ['', false],
      ['o1', false],
      [undefined, false],
      [undefined, true],
    ]);
  });
  it('are open where the answer ends', () => {
    const bars = barsOf([
      shift('2026-11-30T09:00Z', '2026-12-01T09:00Z', duty('ada'), duty('ben')),
      shift('2026-12-01T09:00Z', '2026-12-02T09:00Z', duty('ada')),
    ]);
    expect(bars.map(({ openStart, openEnd }) => [openStart, openEnd])).toEqual([
      [true, true],
      [true, false],
    ]);
  });
  it('stand in weeks, side by side where they overlap', () => {
    const bars = barsOf([
      shift('2026-11-27T09:00Z', '2026-12-01T12:00Z', duty('ada')),
      shift('2026-12-01T12:00Z', '2026-12-01T18:00Z', duty('ada'), duty('ben', 0, 'o1')),
      shift('2026-12-01T18:00Z', '2026-12-09T00:00Z', duty('cem')),
    ]);
    const [week = []] = weeksOf('week', '2026-11-30');
    expect(segmentsOf(bars, week, 'UTC').map(({ bar, ...part }) => [bar.duty?.person.id, part])).toEqual([
      ['ada', { from: 0, to: 1.75, lane: 0, begun: true, goesOn: false }],
      ['ben', { from: 1.5, to: 1.75, lane: 1, begun: false, goesOn: false }],
      ['cem', { from: 1.75, to: 7, lane: 0, begun: false, goesOn: true }],
    ]);
  });
});

// Days of 23 and of 25 hours, and one that has no midnight.
describe.each([
  ['Europe/Berlin', '2026-03-29', 23],
  ['Europe/Berlin', '2026-10-25', 25],
  ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ['Africa/Cairo', '2026-04-24', 23],
  ['Asia/Kathmandu', '2026-11-30', 24],
])('in %s on %s', (zone, date, hours) => {
  const [week = []] = weeksOf('week', date);
  const edges = edgesOf(week, zone);
  const day = week.indexOf(date);
  it('a day has its hours', () => {
    expect(((edges[day + 1] ?? 0) - (edges[day] ?? 0)) / 3_600_000).toBe(hours);
  });
  it('positions and instants agree', () => {
    for (let hour = 0; hour < 168; hour++) {
      const instant = (edges[0] ?? 0) + hour * 3_600_000;
      const back = instantAt(edges, positionIn(edges, instant));
      expect(Math.abs(back - instant)).toBeLessThanOrEqual(1_800_000); // of a day with half an hour more or less
    }
    expect(positionIn(edges, edges[7] ?? 0)).toBe(7);
    expect([instantAt(edges, -1), instantAt(edges, 8)]).toEqual([edges[0], edges[7]]);
  });
});

it('gives people of a schedule colours that stay, the uppermost layer first', () => {
  const layers = [{ people: ['elif'] }, { people: ['diego', 'ada'] }] as never;
  const bars = barsOf([shift('2026-11-30T09:00Z', '2026-11-30T10:00Z', duty('zoe'), duty('ada'))]);
  const people = peopleOf({ layers }, bars);
  expect(people).toEqual(['diego', 'ada', 'elif', 'zoe']);
  expect(people.map((person) => hueOf(people, person))).toEqual([0, 1, 2, 3]);
});
