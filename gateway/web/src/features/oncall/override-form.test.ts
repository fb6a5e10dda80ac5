import { describe, expect, it } from 'vitest';
import { checkOverride, type OverrideForm, overrideOf, timeFault } from './override-form.ts';

const form: OverrideForm = {
  kind: 'KIND_REPLACE',
  person: 'ada',
  replaced: 'ben',
  from: '2026-11-30T09:00',
  until: '2026-12-01T09:00',
};

describe('an exception', () => {
  it.each([
    ['is right', {}, []],
    ['needs who', { person: '' }, ['person']],
    ['needs for whom', { replaced: '' }, ['replaced']],
    ['of everybody needs nobody else', { kind: 'KIND_REPLACE_ALL', replaced: '' }, []],
    ['that adds somebody needs nobody else', { kind: 'KIND_ADD', replaced: '' }, []],
    ['that takes somebody away needs nobody instead', { kind: 'KIND_REMOVE', person: '' }, []],
    ['that takes somebody away needs whom', { kind: 'KIND_REMOVE', person: '', replaced: '' }, ['replaced']],
    ['needs times', { from: '', until: 'tomorrow' }, ['from', 'until']],
    ['has a length', { until: '2026-11-30T09:00' }, ['until']],
    ['goes forward', { until: '2026-11-29T09:00' }, ['until']],
    ['is told its first fault where its beginning has one', { from: '', until: '2026-11-29T09:00' }, ['from']],
  ] as [string, Partial<OverrideForm>, string[]][])('%s', (_, change, faults) => {
    expect(Object.keys(checkOverride({ ...form, ...change }, 'Europe/Berlin'))).toEqual(faults);
  });
  it('is sent with what its kind has, in instants', () => {
    expect(overrideOf(form, 'Europe/Berlin')).toEqual({
      kind: 'KIND_REPLACE',
      person: 'ada',
      replacedPerson: 'ben',
      startTime: '2026-11-30T08:00:00.000Z',
      endTime: '2026-12-01T08:00:00.000Z',
    });
    expect(overrideOf({ ...form, kind: 'KIND_ADD' }, 'UTC')).not.toHaveProperty('replacedPerson');
    expect(overrideOf({ ...form, kind: 'KIND_REMOVE' }, 'UTC')).not.toHaveProperty('person');
  });
});

it.each([
  ['2026-03-29T02:30', 'Europe/Berlin', false],
  ['2026-03-29T03:00', 'Europe/Berlin', true],
  ['2026-10-25T02:30', 'Europe/Berlin', true], // twice, of which one counts
  ['2026-10-04T02:15', 'Australia/Lord_Howe', false],
  ['2026-10-04T02:30', 'Australia/Lord_Howe', true],
  ['2011-12-30T12:00', 'Pacific/Apia', false], // the day that was left out
])('%s in %s is on the clock: %s', (local, zone, there) => {
  expect(timeFault(local, zone) === undefined).toBe(there);
});
