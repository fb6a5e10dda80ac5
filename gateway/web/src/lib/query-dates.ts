import type { Value } from './query.ts';

/** Cuts a leading comparison. */
export function cutOperator(text: string): [operator: string, rest: string] {
  const [operator = ''] = /^[<>]=?/.exec(text) ?? [];
  return [operator, text.slice(operator.length)];
}

/** A day, or an instant. */
interface Span {
  start: Date;
  end: Date;
  instant?: boolean;
}

const minute = 60_000;
const units: Record<string, number> = { m: minute, h: 60 * minute, d: 1440 * minute, w: 7 * 1440 * minute };
const day = 1440 * minute;
const longest = 100 * 365 * day; // keeps instants within what the server can hold

/** Reads a day of the zone, a time ago (-7d), either with a comparison, or a range a..b with both ends included. */
export function readDates(text: string, now: Date, zone: string): Value | undefined {
  const range = text.indexOf('..');
  if (range >= 0) {
    const [first, last] = [text.slice(0, range), text.slice(range + 2)];
    const [a, b] = [readDate(first, now, zone), readDate(last, now, zone)];
    if ((!a && first !== '') || (!b && last !== '') || (!a && !b)) return undefined;
    return { ...(a && { from: a.start }), ...(b && { to: b.end }) };
  }
  const [operator, rest] = cutOperator(text);
  const span = readDate(rest, now, zone);
  if (!span) return undefined;
  const { start, end } = span;
  if (operator === '>=') return { from: start };
  if (operator === '>') return { from: end };
  if (operator === '<=') return { to: end };
  if (operator === '<') return { to: start };
  return span.instant ? { from: start } : { from: start, to: end }; // a time ago means since then
}

function readDate(text: string, now: Date, zone: string): Span | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const midnight = new Date(`${text}T00:00:00Z`);
    // Some days are none, and some parsers take them for those of the next month.
    if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== text) return undefined;
    return { start: dayStart(midnight.getTime(), zone), end: dayStart(midnight.getTime() + day, zone) };
  }
  const ago = text.startsWith('-') ? readDuration(text.slice(1)) : undefined;
  if (ago === undefined) return undefined;
  const at = new Date(now.getTime() - ago);
  return { start: at, end: at, instant: true };
}

/** More than any zone is or was away from UTC. */
const maxOffset = 16 * 60 * minute;

/**
 * When a day, given by its midnight in UTC, begins in a zone: at the first instant at which it is this day there, or a later
 * one. Days differ in length where clocks are changed; one that a zone skipped ends as it begins.
 */
function dayStart(midnight: number, zone: string): Date {
  const offset = offsetIn(zone);
  let [before, after] = [midnight - maxOffset, midnight + maxOffset];
  const [first, last] = [offset(before), offset(after)];
  for (const distance of [Math.max(first, last), Math.min(first, last)]) {
    const start = midnight - distance;
    if (offset(start) === distance) return new Date(start);
  }
  // No clock showed midnight: the day begins when the clocks were changed.
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offset(middle) === first) before = middle;
    else after = middle;
  }
  return new Date(after);
}

/** How far a zone's clocks are ahead of UTC at an instant. */
function offsetIn(zone: string): (at: number) => number {
  if (zone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return (at) => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
    const size = (Number(hours) * 60 + Number(minutes)) * minute + Number(seconds) * 1000;
    return sign === '-' ? -size : size;
  };
}

/** Reads a comparison with how long it is until something is owed (<1h). */
export function readTimeLeft(text: string): Value | undefined {
  const [operator, rest] = cutOperator(text);
  const left = readDuration(rest);
  return operator && left !== undefined ? { text: operator, min: left / 1000 } : undefined;
}

/** Reads 30m, 12h, 7d or 2w. */
function readDuration(text: string): number | undefined {
  const [, digits = '', letter = ''] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const unit = units[letter];
  if (!unit || Number(digits) >= 2 ** 32 || Number(digits) * unit > longest) return undefined;
  return Number(digits) * unit;
}
