import { expect, it } from 'vitest';
import type { DrillSchedule } from '../../api/types.ts';
import { checkDrill, drillForm, drillScheduleOf, secondsBetween } from './drills.ts';
import { sayDuration } from './durations.ts';

const schedule: DrillSchedule = {
  enabled: true,
  weekday: 3,
  time: '10:30',
  timeZone: 'Europe/Berlin',
  acceptWithin: '15s',
  acknowledgeWithin: '90s',
};
const form = drillForm(schedule);

it('comes out of its form as it went in', () => {
  expect(drillScheduleOf(form)).toEqual(schedule);
  expect([form.accept, form.acknowledge]).toEqual(['15', '1.5']);
});

it.each([
  ['as it is', {}, []],
  ['no time', { time: '' }, ['time']],
  ['no seconds', { accept: 'soon' }, ['accept']],
  ['more than can be', { accept: '601', acknowledge: '61' }, ['accept', 'acknowledge']],
  ['nothing to wait for', { accept: '0', acknowledge: '0' }, ['accept', 'acknowledge']],
  ['answered before it is due', { accept: '120', acknowledge: '1' }, ['acknowledge']],
  ['answered when it is due', { accept: '60', acknowledge: '1' }, []],
])('%s: %o has faults %o', (_, part, faults) => {
  expect(Object.keys(checkDrill({ ...form, ...part }))).toEqual(faults);
});

it('is known to the second', () => {
  expect(secondsBetween('2026-11-30T10:00:00Z', '2026-11-30T10:02:00.400Z')).toBe(120);
  expect(secondsBetween('2026-11-30T10:00:00Z', '2026-11-30T10:00:00.050Z')).toBe(1);
});

it.each([
  [15, '15 seconds'],
  [60, '1 minute'],
  [90, '1 minute 30 seconds'],
  [3_600, '1 hour'],
  [3_605, '1 hour 5 seconds'],
])('%d seconds are %o', (seconds, said) => {
  expect(sayDuration(seconds)).toBe(said);
});
