import { describe, expect, it } from 'vitest';
import { formatAt, formatClock, formatRelative, fromLocalInput, initials, toLocalInput } from './format.ts';

const now = new Date('2026-11-24T12:00:00');
const at = (local: string) => new Date(local).toISOString();

describe('formatRelative', () => {
  it.each([
    ['2026-11-24T11:59:40', 'just now'],
    ['2026-11-24T11:58:00', '2 minutes ago'],
    ['2026-11-24T15:00:00', 'in 3 hours'],
    ['2026-11-23T09:00:00', 'yesterday'],
    ['2026-11-20T23:00:00', '4 days ago'],
    ['2026-09-02T12:00:00', '2 Sept'],
    ['2025-09-02T12:00:00', '2 Sept 2025'],
  ])('%s is %s', (local, want) => {
    expect(formatRelative(at(local), now)).toBe(want);
  });
});

describe('formatClock', () => {
  it('is the time today, and says the day otherwise', () => {
    expect(formatClock(at('2026-11-24T02:14:00'), now)).toBe('02:14');
    expect(formatClock(at('2026-11-23T02:14:00'), now)).toBe('23 Nov, 02:14');
    expect(formatAt(at('2026-11-24T02:14:00'), now)).toBe('at 02:14');
    expect(formatAt(at('2026-11-23T02:14:00'), now)).toBe('on 23 Nov at 02:14');
  });
});

describe('local inputs', () => {
  it('come back as they were', () => {
    const date = new Date('2026-11-24T02:14:00');
    expect(fromLocalInput(toLocalInput(date))).toBe(date.toISOString());
  });
  it.each([
    ['Europe/Berlin', '2026-11-24T02:14', '2026-11-24T01:14:00.000Z'],
    ['Europe/Berlin', '2026-07-01T00:30', '2026-06-30T22:30:00.000Z'],
    ['America/New_York', '2026-03-08T01:59', '2026-03-08T06:59:00.000Z'],
    ['America/New_York', '2026-03-08T03:00', '2026-03-08T07:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15:00.000Z'],
    ['Etc/UTC', '2026-11-24T02:14', '2026-11-24T02:14:00.000Z'],
  ])('in %s: %s is %s', (zone, local, instant) => {
    expect(fromLocalInput(local, zone)).toBe(instant);
    expect(toLocalInput(new Date(instant), zone)).toBe(local);
  });
  it('that clocks skip or show twice are some instant near by', () => {
    for (const local of ['2026-03-29T02:30', '2026-10-25T02:30']) {
      const instant = Date.parse(fromLocalInput(local, 'Europe/Berlin') ?? '');
      expect(Math.abs(instant - Date.parse(`${local}Z`))).toBeLessThanOrEqual(2 * 3600_000);
    }
  });
  it.each(['yesterday', '2026-13-45T00:00', '12:30'])('that are none are nothing: %s', (value) => {
    expect(fromLocalInput(value)).toBeUndefined();
  });
  it('may be empty', () => {
    expect(fromLocalInput('')).toBeUndefined();
  });
});

describe('initials', () => {
  it.each([
    ['Priya Raman', 'PR'],
    ['Diego de la Marín', 'DM'],
    ['ops', 'O'],
    ['', '?'],
  ])('of %s are %s', (name, want) => {
    expect(initials(name)).toBe(want);
  });
});
