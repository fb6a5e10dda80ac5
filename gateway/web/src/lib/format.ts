import { lazy } from './lazy.ts';
import { locale, timeZone } from './locale.ts';
import { text } from './text.ts';

export { timeZone };

/** Instants as people read them, in their zone and language. */
const format = (options: Intl.DateTimeFormatOptions) =>
  lazy(() => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), ...options }));
const absolute = format({ dateStyle: 'medium', timeStyle: 'short' });
const exact = format({ dateStyle: 'full', timeStyle: 'long' });
const clock = format({ hour: '2-digit', minute: '2-digit' });
const day = format({ day: 'numeric', month: 'short' });
const dayOfYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
const relative = lazy(() => new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' }));

const minute = 60_000;
const hour = 60 * minute;

export function formatDateTime(instant: string): string {
  return absolute().format(new Date(instant));
}

export function formatExact(instant: string): string {
  return exact().format(new Date(instant));
}

/** The time of day, with the date if it is not today's. */
export function formatClock(instant: string, now = new Date()): string {
  const date = new Date(instant);
  return dateOf(date) === dateOf(now) ? clock().format(date) : `${formatDay(date, now)}, ${clock().format(date)}`;
}

/** The same as part of a sentence: "at 02:14", "on 23 Nov at 02:14". */
export function formatAt(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const time = clock().format(date);
  return dateOf(date) === dateOf(now) ? text.time.at(time) : text.time.onAt(formatDay(date, now), time);
}

function formatDay(date: Date, now: Date): string {
  return (dateOf(date).slice(0, 4) === dateOf(now).slice(0, 4) ? day : dayOfYear)().format(date);
}

/** How long ago, or how soon: minutes and hours near by, then the date. */
export function formatRelative(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const distance = date.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size < 45_000) return text.time.now;
  if (size < hour) return relative().format(Math.round(distance / minute), 'minute');
  if (size < 22 * hour) return relative().format(Math.round(distance / hour), 'hour');
  const days = Math.round((Date.parse(dateOf(date)) - Date.parse(dateOf(now))) / (24 * hour));
  if (Math.abs(days) <= 6) return relative().format(days, 'day');
  return formatDay(date, now);
}

// Swedes write dates as ISO 8601 does.
const wallOf = (zone: string) =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
const wall = lazy(() => wallOf(timeZone()));

function dateOf(date: Date): string {
  return wall().format(date).slice(0, 10);
}

/** The value of an `<input type="datetime-local">` in this zone, and back. */
export function toLocalInput(date: Date, zone = timeZone()): string {
  return (zone === timeZone() ? wall() : wallOf(zone)).format(date).replace(' ', 'T');
}

export function fromLocalInput(value: string, zone = timeZone()): string | undefined {
  const asUtc = value.includes('T') ? Date.parse(`${value}Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return undefined;
  // The zone's distance at that time is known only with the instant: the second guess has it right.
  const distance = (instant: number) => Date.parse(`${toLocalInput(new Date(instant), zone)}Z`) - instant;
  const whole = Math.floor(asUtc / minute) * minute;
  const guess = whole - distance(whole);
  return new Date(asUtc - distance(guess)).toISOString();
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}
