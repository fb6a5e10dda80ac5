import { lazy } from '../../lib/lazy.ts';
import { locale } from '../../lib/locale.ts';
import { formatSpan } from '../../lib/span.ts';

const second = lazy(
  () => new Intl.NumberFormat(locale, { style: 'unit', unit: 'second', unitDisplay: 'long', maximumFractionDigits: 0 }),
);

/** "1 minute 30 seconds", "15 seconds". */
export function sayDuration(seconds: number): string {
  const whole = Math.round(seconds);
  const rest = whole % 60;
  const minutes = formatSpan(whole - rest);
  return rest > 0 || !minutes ? [minutes, second().format(rest)].filter(Boolean).join(' ') : minutes;
}
