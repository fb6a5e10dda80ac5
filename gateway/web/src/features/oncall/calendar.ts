import type { Duty, Person, Schedule, Shift } from '../../api/types.ts';
import { fromLocalInput, timeZone, toLocalInput } from '../../lib/format.ts';

/** How much of a schedule is shown. */
export const views = ['week', 'fortnight', 'month'] as const;
export type View = (typeof views)[number];

export interface CalendarSearch {
  view?: View;
  /** A day of what is shown, 2026-11-30; today, if unset. */
  day?: string;
}

/** What the address says, as far as it can be understood. */
export function readCalendarSearch({ view, day }: Record<string, unknown>): CalendarSearch {
  const known = views.find((one) => one === view);
  const isDay = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  return { ...(known && { view: known }), ...(isDay && { day }) };
}

const dayLength = 24 * 3_600_000;
const asUtc = (date: string) => new Date(`${date}T00:00Z`);

/** A date some days later. It has no time, so that no clock change matters. */
export function addDays(date: string, days: number): string {
  return new Date(asUtc(date).getTime() + days * dayLength).toISOString().slice(0, 10);
}

/** The date of an instant in the viewer's zone. */
export function dateOf(instant: Date, zone = timeZone()): string {
  return toLocalInput(instant, zone).slice(0, 10);
}

function monday(date: string): string {
  return addDays(date, -((asUtc(date).getUTCDay() + 6) % 7));
}

/** The weeks that a view shows around a day, each of seven dates from Monday on. */
export function weeksOf(view: View, date: string): string[][] {
  const first = monday(view === 'month' ? `${date.slice(0, 7)}-01` : date);
  const weeks = [first];
  if (view === 'fortnight') weeks.push(addDays(first, 7));
  if (view === 'month') {
    for (let next = addDays(first, 7); next.slice(0, 7) <= date.slice(0, 7); next = addDays(next, 7)) weeks.push(next);
  }
  return weeks.map((start) => Array.from({ length: 7 }, (_, n) => addDays(start, n)));
}

/** The day by which the view before or after this one is shown. */
export function turn(view: View, date: string, by: 1 | -1): string {
  if (view !== 'month') return addDays(date, by * (view === 'week' ? 7 : 14));
  const first = asUtc(`${date.slice(0, 7)}-01`);
  first.setUTCMonth(first.getUTCMonth() + by);
  return first.toISOString().slice(0, 10);
}

/** When a date begins in the viewer's zone, in milliseconds. */
export function startOf(date: string, zone = timeZone()): number {
  return Date.parse(fromLocalInput(`${date}T00:00`, zone) ?? '');
}

/** Somebody's time on call without a break, or one of nobody. */
export interface Bar {
  duty: Duty | undefined; // nobody: a gap
  /** Of a gap: nobody is meant to be on call. */
  deliberate: boolean;
  start: number;
  end: number;
  /** It began before what was asked for, or ends after it: nobody knows when. */
  openStart: boolean;
  openEnd: boolean;
}

/** What is asked for beside what is shown, in days, to know when shifts at its edges begin and end. */
export const margin = 28;

const keyOf = ({ person, layer, override }: Duty) => [person.id, layer, override].join(' ');

/**
 * The bars of shifts, by when they begin. What somebody does for one reason is one bar, also where others come and go
 * meanwhile. The interval that was asked for cuts the first and the last ones off.
 */
export function barsOf(shifts: Shift[]): Bar[] {
  const first = Date.parse(shifts[0]?.startTime ?? '');
  const last = Date.parse(shifts.at(-1)?.endTime ?? '');
  const bars: Bar[] = [];
  const open = new Map<string, Bar>();
  for (const { startTime, endTime, duties, deliberate } of shifts) {
    const [start, end] = [Date.parse(startTime), Date.parse(endTime)];
    const present: [string, Duty | undefined][] =
      duties.length === 0 ? [[`gap ${deliberate}`, undefined]] : duties.map((duty) => [keyOf(duty), duty]);
    for (const [key, duty] of present) {
      const before = open.get(key);
      if (before?.end === start) {
        before.end = end;
        before.openEnd = end === last;
        continue;
      }
      const bar = { duty, deliberate, start, end, openStart: start === first, openEnd: end === last };
      open.set(key, bar);
      bars.push(bar);
    }
  }
  return bars;
}

/** The part of a bar that is in a week: from and to in days from its beginning, and on which line it stands. */
export interface Segment {
  bar: Bar;
  from: number;
  to: number;
  lane: number;
  /** It began before the week, or ends after it. */
  begun: boolean;
  goesOn: boolean;
}

/** The parts of bars in a week, on as few lines as they need. */
export function segmentsOf(bars: Bar[], week: string[], zone = timeZone()): Segment[] {
  const edges = edgesOf(week, zone);
  const [first = 0, last = 0] = [edges[0], edges.at(-1)];
  const free: number[] = []; // until when each line is taken
  return bars
    .filter(({ start, end }) => start < last && end > first)
    .map((bar) => {
      const from = Math.max(bar.start, first);
      const lane = free.findIndex((until) => until <= from);
      const line = lane < 0 ? free.length : lane;
      free[line] = bar.end;
      return {
        bar,
        from: positionIn(edges, from),
        to: positionIn(edges, Math.min(bar.end, last)),
        lane: line,
        begun: bar.start < first,
        goesOn: bar.end > last,
      };
    });
}

/** When the days of a week begin, and when the last one ends. */
export function edgesOf(week: string[], zone = timeZone()): number[] {
  return [...week, addDays(week.at(-1) ?? '', 1)].map((date) => startOf(date, zone));
}

/** Where an instant is among days, in days: a day is as wide as another, also if it is an hour shorter. */
export function positionIn(edges: number[], instant: number): number {
  const day = Math.max(
    0,
    edges.findLastIndex((edge, n) => edge <= instant && n < edges.length - 1),
  );
  const [start = 0, end = 0] = edges.slice(day, day + 2);
  return day + (instant - start) / (end - start);
}

/** The instant of a position, to the nearest hour of its day. */
export function instantAt(edges: number[], position: number): number {
  const day = Math.max(0, Math.min(edges.length - 2, Math.floor(position)));
  const [start = 0, end = 0] = edges.slice(day, day + 2);
  const hours = Math.round(((position - day) * (end - start)) / 3_600_000);
  return Math.max(start, Math.min(end, start + hours * 3_600_000));
}

/** Everybody of a schedule in an order that stays: first who takes turns, then who else is seen. */
export function peopleOf(schedule: Pick<Schedule, 'layers'>, bars: Bar[]): string[] {
  const seen = bars.flatMap(({ duty }) => duty?.person.id ?? []).sort();
  return [...new Set([...schedule.layers.toReversed().flatMap(({ people }) => people), ...seen])];
}

/** How many colours people have. Their names stand beside them. */
export const hues = 8;

export const hueOf = (people: string[], person: string): number => Math.max(0, people.indexOf(person)) % hues;

export const nameOf = ({ name, email }: Pick<Person, 'name' | 'email'>): string => name || email;
