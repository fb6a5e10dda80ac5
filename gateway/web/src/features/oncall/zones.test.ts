import { expect, it } from 'vitest';
import { cityOf, elsewhere, formatIn } from './zones.ts';

const instant = '2026-11-24T23:30:00Z';

it.each([
  ['Europe/London', 'Tue 24 Nov, 23:30'],
  ['Europe/Madrid', 'Wed 25 Nov, 00:30'],
  ['America/New_York', 'Tue 24 Nov, 18:30'],
  ['Nowhere/Land', ''],
])('shows the time in %s', (zone, expected) => {
  expect(formatIn(zone, instant)).toBe(expected);
});

it.each([
  ['Europe/Madrid', 'Europe/London', 'Wed 25 Nov, 00:30'],
  ['Europe/Madrid', 'Europe/Berlin', ''], // the same clock
  ['', 'Europe/Berlin', ''],
  ['Nowhere/Land', 'Europe/Berlin', ''],
])('says what the clock in %s shows to somebody in %s', (zone, own, expected) => {
  expect(elsewhere(zone, instant, own)).toBe(expected);
});

it('names a zone by its city', () => {
  expect(cityOf('America/New_York')).toBe('New York');
  expect(cityOf('UTC')).toBe('UTC');
});
