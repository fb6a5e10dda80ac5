import { describe, expect, it } from 'vitest';
import { formatSpan } from './span.ts';

describe('formatSpan', () => {
  it.each([
    [59, ''],
    [90, '1 minute'],
    [1_800, '30 minutes'],
    [9_000, '2 hours 30 minutes'],
    [100_800, '1 day 4 hours'],
  ])('%d seconds', (seconds, want) => {
    expect(formatSpan(seconds)).toBe(want);
  });
});
