import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../api/types.ts';
import { changeOf, checkLayer, idOf, inOrder, isRight, type LayerForm, newLayer, scheduleForm } from './layers.ts';

const schedule: Schedule = {
  id: 'primary',
  etag: 'e1',
  name: 'Primary',
  timeZone: 'Asia/Kathmandu',
  overrides: [],
  layers: [
    {
      name: 'Days',
      people: ['ada', 'ben', 'ada'],
      length: 2,
      unit: 'UNIT_DAY',
      start: '2026-01-05T09:00',
      end: '2027-01-05T09:00',
      restrictions: [{ weekdays: [1, 2], from: '09:00', until: '24:00' }],
    },
    { name: '', people: [], length: 1, unit: 'UNIT_WEEK', start: '2026-01-05T09:00', end: '', restrictions: [] },
  ],
};

it('comes out of its form as it went in', () => {
  const { name, timeZone, layers } = schedule;
  expect(changeOf(scheduleForm(schedule, 'UTC'))).toEqual({ name, timeZone, layers });
});

it('begins with one layer, of turns from a morning of its zone on', () => {
  const form = scheduleForm(null, 'Europe/Berlin');
  expect(form.layers).toHaveLength(1);
  expect(isRight(form)).toBe(false); // it has no name
  expect(isRight({ ...form, name: 'Primary' })).toBe(true);
  const layer = newLayer(form.layers, 'Pacific/Auckland', new Date('2026-11-30T20:00Z'));
  expect([layer.key, layer.start]).toEqual([1, '2026-12-01T09:00']);
});

describe('a layer', () => {
  const layer = scheduleForm(schedule, 'UTC').layers[0] as LayerForm;
  it.each([
    ['is right', {}, []],
    ['never ends', { end: '' }, []],
    ['has turns of a length', { length: '0' }, ['length']],
    ['of whole units', { length: '1.5' }, ['length']],
    ['of at most a hundred', { length: '101' }, ['length']],
    ['begins', { start: '', end: '' }, ['start']],
    ['ends after that', { end: '2026-01-05T09:00' }, ['end']],
  ] as [string, Partial<LayerForm>, string[]][])('%s', (_, change, faults) => {
    expect(Object.keys(checkLayer({ ...layer, ...change }))).toEqual(faults);
  });
  it('has hours that are right', () => {
    const form = scheduleForm(schedule, 'UTC');
    const hours = [{ key: 0, weekdays: [], from: '', until: '' }];
    expect(isRight(form)).toBe(true);
    expect(isRight({ ...form, layers: [{ ...layer, hours }] })).toBe(false);
  });
});

it('keeps the order of people, and puts new ones last', () => {
  expect(inOrder(['cem', 'ada', 'ben'], ['ada', 'ben', 'cem', 'dora'])).toEqual(['cem', 'ada', 'ben', 'dora']);
  expect(inOrder(['cem', 'ada'], ['ada'])).toEqual(['ada']);
});

it.each([
  ['Primary', 'primary-c0ffee'],
  ['  Nächte & Wochenenden ', 'nachte-wochenenden-c0ffee'],
  ['夜', 'schedule-c0ffee'],
  [`${'x'.repeat(49)} ${'y'.repeat(50)}`, `${'x'.repeat(49)}-c0ffee`],
])('%o has the id %s', (name, id) => {
  expect(idOf(name, 'c0ffee')).toBe(id);
});

it('has an id of its own, whatever it is called', () => {
  const [one, other] = [idOf('Primary'), idOf('Primary')];
  expect(one).toMatch(/^primary-[0-9a-f]{6}$/);
  expect(other).not.toBe(one);
});
