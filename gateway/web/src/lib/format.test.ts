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
