import { describe, expect, it } from 'vitest';
import { clockIn, zoneOptions } from './zones.ts';

describe('zoneOptions', () => {
  it('begins with the device, and has each zone once, also one that browsers lack', () => {
    const values = zoneOptions('Asia/Calcutta').map(({ value }) => value);
    expect(values[0]).toBe('UTC');
    expect(values).toEqual(expect.arrayContaining(['Europe/Berlin', 'Etc/UTC', 'Asia/Calcutta']));
    expect(new Set(values).size).toBe(values.length);
  });
});

describe('clockIn', () => {
  it('is the time there', () => {
    const now = new Date('2026-11-24T23:30:00Z');
    expect(clockIn('Asia/Kathmandu', now)).toBe('05:15');
    expect(clockIn('Etc/UTC', now)).toBe('23:30');
  });
});
