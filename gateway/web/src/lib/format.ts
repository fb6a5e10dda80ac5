/** Instants as people read them, in their zone and language. */
const locale = 'en-GB';

const absolute = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'long' });

export const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const minute = 60_000;
const hour = 60 * minute;

export function formatDateTime(instant: string): string {
  return absolute.format(new Date(instant));
}

export function formatExact(instant: string): string {
  return exact.format(new Date(instant));
}

/** The time of day, with the date if it is not today's. */
export function formatClock(instant: string, now = new Date()): string {
  const date = new Date(instant);
  return sameDay(date, now) ? clock.format(date) : `${formatDay(date, now)}, ${clock.format(date)}`;
}

/** The same as part of a sentence: "at 02:14", "on 23 Nov at 02:14". */
export function formatAt(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const at = `at ${clock.format(date)}`;
  return sameDay(date, now) ? at : `on ${formatDay(date, now)} ${at}`;
}

function formatDay(date: Date, now: Date): string {
  return (date.getFullYear() === now.getFullYear() ? day : dayOfYear).format(date);
}

function sameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}

/** How long ago, or how soon: minutes and hours near by, then the date. */
export function formatRelative(instant: string, now = new Date()): string {
  const date = new Date(instant);
  const distance = date.getTime() - now.getTime();
  const size = Math.abs(distance);
  if (size < 45_000) return relative.format(0, 'minute').replace('this minute', 'just now');
  if (size < hour) return relative.format(Math.round(distance / minute), 'minute');
  if (size < 22 * hour) return relative.format(Math.round(distance / hour), 'hour');
  const days = Math.round((startOfDay(date) - startOfDay(now)) / (24 * hour));
  if (Math.abs(days) <= 6) return relative.format(days, 'day');
  return formatDay(date, now);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** The value of an `<input type="datetime-local">` in this zone, and back. */
export function toLocalInput(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * minute);
  return shifted.toISOString().slice(0, 16);
}

export function fromLocalInput(value: string): string | undefined {
  const date = new Date(value);
  return value === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? '?';
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : '';
  return (first + last).toUpperCase();
}
