import { expect, it } from 'vitest';
import { daysOf } from './days.ts';

it('names the zone only where days are', () => {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(daysOf('created:>=2026-11-01 is:open')).toEqual({ timeZone });
  expect(daysOf('updated:..2026-11-01')).toEqual({ timeZone });
  expect(daysOf('created:>-7d 2026-1')).toEqual({});
});
