import type { Schedule } from '../../api/types.ts';
import { formatClock, timeZone } from '../../lib/format.ts';
import { lazy } from '../../lib/lazy.ts';
import { locale } from '../../lib/locale.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { type Bar, nameOf } from './calendar.ts';
import { cityOf, elsewhere, formatIn } from './zones.ts';

// Dates have no zone.
const format = (options: Intl.DateTimeFormatOptions) =>
  lazy(() => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options }));
const column = format({ weekday: 'short', day: 'numeric' });
const columnOfMonth = format({ weekday: 'short', day: 'numeric', month: 'short' });
const heading = format({ weekday: 'long', day: 'numeric', month: 'long' });
const range = format({ day: 'numeric', month: 'short', year: 'numeric' });
const month = format({ month: 'long', year: 'numeric' });
const clock = lazy(() => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), hour: '2-digit', minute: '2-digit' }));
const wall = format({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const asDate = (date: string) => new Date(`${date}T00:00Z`);

/** "Mon 30", or "Tue 1 Dec" where the month is to be told. */
export const sayColumn = (date: string, withMonth: boolean) =>
  (withMonth ? columnOfMonth : column)().format(asDate(date));
export const sayDay = (date: string) => heading().format(asDate(date));
export const sayMonth = (date: string) => month().format(asDate(date));
export const sayRange = (first: string, last: string) => range().formatRange(asDate(first), asDate(last));
/** A time on the wall of a schedule, 2026-11-02T09:00. */
export const sayWall = (local: string) => wall().format(new Date(`${local.slice(0, 16)}Z`));
export const sayClock = (instant: number) => clock().format(instant);

const iso = (instant: number) => new Date(instant).toISOString();

/** "Mon 30 Nov, 09:00" in the viewer's zone. */
export const sayInstant = (instant: number) => formatIn(timeZone(), iso(instant));

type Span = Pick<Bar, 'start' | 'end'> & Partial<Pick<Bar, 'openStart' | 'openEnd'>>;

/** From when until when, as far as that is known. */
export function saySpan({ start, end, openStart, openEnd }: Span, zone = timeZone()): string {
  const [from, until] = [formatIn(zone, iso(start)), formatIn(zone, iso(end))];
  if (openStart) return openEnd ? say.throughout : say.until(until);
  return openEnd ? say.since(from) : say.span(from, until);
}

/** The part of a bar that is in a day, on the viewer's clock. */
export function sayPart({ start, end }: Span, day: { start: number; end: number }): string {
  const [from, until] = [sayClock(start), sayClock(end)];
  if (start <= day.start) return end >= day.end ? say.part.whole : say.part.until(until);
  return end >= day.end ? say.part.from(from) : `${from}–${until}`;
}

/** The same by the clock of the schedule, where that shows another time. */
export function sayThere(span: Span, zone: string): string | undefined {
  if (!elsewhere(zone, iso(span.start)) && !elsewhere(zone, iso(span.end))) return undefined;
  return say.there(saySpan(span, zone), cityOf(zone));
}

export const sayWho = ({ duty, deliberate }: Bar) => (duty ? nameOf(duty.person) : deliberate ? say.meant : say.nobody);

/** By which layer or exception somebody is on call. A layer is named where there are several. */
export function sayReason({ duty }: Bar, schedule: Schedule): string {
  if (!duty) return '';
  if (!duty.override) {
    return schedule.layers.length > 1 ? say.layer(duty.layer, schedule.layers[duty.layer - 1]?.name ?? '') : '';
  }
  const kind = schedule.overrides.find(({ id }) => id === duty.override)?.kind;
  if (kind === 'KIND_ADD') return say.asWell;
  return duty.layer > 0 ? say.temporary : say.standsIn;
}

export const sayNow = (now: number) => say.now(formatClock(iso(now)));
