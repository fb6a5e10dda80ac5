import { expect, it } from 'vitest';
import type { Restriction } from '../../api/types.ts';
import { areRight, checkHours, type HourForm, hoursForm, hoursOf, isOvernight, sayHours, week } from './hours.ts';

const night: Restriction = { weekdays: [1, 2, 3, 4, 5], from: '22:00', until: '06:00' };
const form: HourForm = { key: 0, ...night };

it.each<[string, Restriction]>([
  ['some days', night],
  ['all days', { weekdays: [], from: '08:00', until: '18:30' }],
  ['until midnight', { weekdays: [7], from: '18:00', until: '24:00' }],
  ['whole days', { weekdays: [6, 7], from: '00:00', until: '24:00' }],
])('%s come out of the form as they went in', (_, hours) => {
  expect(hoursOf(hoursForm([hours]))).toEqual([hours]);
});

it('shows all days as chosen, and midnight as the field of a browser does', () => {
  expect(hoursForm([{ weekdays: [], from: '00:00', until: '24:00' }])).toEqual([
    { key: 0, weekdays: week, from: '00:00', until: '00:00' },
  ]);
});

it.each([
  ['as they are', form, []],
  ['no day', { ...form, weekdays: [] }, ['weekdays']],
  ['no time', { ...form, from: '', until: '6' }, ['from', 'until']],
])('%s: %o lack %o', (_, hours, lacks) => {
  expect(Object.keys(checkHours(hours))).toEqual(lacks);
  expect(areRight([form, hours])).toBe(lacks.length === 0);
});

it.each([
  ['22:00', '06:00', true],
  ['08:00', '18:00', false],
  ['08:00', '08:00', true],
  ['18:00', '00:00', false],
  ['', '06:00', false],
])('from %o until %o ends on the next day: %s', (from, until, is) => {
  expect(isOvernight({ ...form, from, until })).toBe(is);
});

it.each([
  [[1, 2, 3, 4, 5], '22:00', '06:00', 'Mon–Fri 22:00–06:00'],
  [[7, 6], '22:00', '06:00', 'Sat, Sun 22:00–06:00'],
  [[1, 3, 4, 5, 7], '08:00', '18:00', 'Mon, Wed–Fri, Sun 08:00–18:00'],
  [[], '00:00', '24:00', 'every day all day'],
  [week, '00:00', '08:00', 'every day 00:00–08:00'],
])('%o from %s until %s are said as %o', (weekdays, from, until, said) => {
  expect(sayHours({ weekdays, from, until })).toBe(said);
});
