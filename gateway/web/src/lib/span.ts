import { lazy } from './lazy.ts';
import { locale } from './locale.ts';

const unit = (name: string) =>
  lazy(() => new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }));
const units = [
  [86_400, unit('day')],
  [3_600, unit('hour')],
  [60, unit('minute')],
] as const;

/** Seconds in words, to the minute: "1 day 4 hours". Less than a minute is nothing. */
export function formatSpan(seconds: number): string {
  let left = seconds;
  const parts: string[] = [];
  for (const [size, one] of units) {
    const n = Math.floor(left / size);
    left -= n * size;
    if (n > 0) parts.push(one().format(n));
  }
  return parts.join(' ');
}
