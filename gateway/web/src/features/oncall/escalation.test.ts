import { describe, expect, it } from 'vitest';
import type { EscalationPolicy } from '../../api/types.ts';
import { changeOf, formOf, isAgain, isRight, isTimeout, moved, readMinutes } from './escalation.ts';

const policy: EscalationPolicy = {
  id: 'default',
  steps: [
    { targets: ['schedule:primary', 'person:ada'], timeout: '300s' },
    { targets: ['everyone:primary'], timeout: '90s' },
  ],
  loops: 2,
  fallback: ['elif'],
  acknowledgeTimeout: '7200s',
  etag: 'e1',
};

it('comes out of its form as it went in', () => {
  const { id: _, ...change } = policy;
  expect(changeOf(formOf(policy), 'e1')).toEqual(change);
  expect(formOf(policy).steps.map(({ minutes }) => minutes)).toEqual(['5', '1.5']);
});

it('says it when acknowledged pages are not to begin again any more', () => {
  expect(changeOf({ ...formOf(policy), again: ' ' }, 'e1').acknowledgeTimeout).toBe('0s');
  const { acknowledgeTimeout: _, ...never } = policy;
  expect(formOf(never as EscalationPolicy).again).toBe('');
});

it('begins with one step where there is none', () => {
  expect(formOf(null).steps).toHaveLength(1);
  expect(isRight(formOf(null))).toBe(false);
});

it.each([
  ['5', 300],
  ['1.5', 90],
  ['0,5', 30],
  [' 10 ', 600],
  ['', undefined],
  ['five', undefined],
  ['-1', undefined],
  ['1e3', undefined],
])('%o minutes are %s seconds', (written, seconds) => {
  expect(readMinutes(written)).toBe(seconds);
});

describe('what is right', () => {
  const form = formOf(policy);
  it.each([
    ['as it is', form, true],
    ['a step for nobody', { ...form, steps: [{ key: 0, targets: [], minutes: '5' }] }, false],
    ['a step without a time', { ...form, steps: [{ key: 0, targets: ['person:ada'], minutes: '' }] }, false],
    ['nobody to fall back to', { ...form, fallback: [] }, false],
    ['an odd time', { ...form, again: 'soon' }, false],
  ])('%s', (_, one, right) => {
    expect(isRight(one)).toBe(right);
  });
  it('has limits', () => {
    expect(['0', '0.01', '0.02', '1440', '1440.1'].map(isTimeout)).toEqual([false, true, true, true, false]);
    expect(['', '0', '100000'].map(isAgain)).toEqual([true, false, true]);
  });
});

it('moves one', () => {
  expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
