import type { Restriction } from '../../api/types.ts';
import { lazy } from '../../lib/lazy.ts';
import { locale } from '../../lib/locale.ts';
import { hoursText as say } from '../../lib/text.hours.ts';

/** Hours of some weekdays as they are filled in; 1 is Monday. */
export interface HourForm {
  key: number;
  weekdays: number[];
  from: string;
  until: string;
}

export const week = [1, 2, 3, 4, 5, 6, 7];

/** A day has one midnight at its end for the browser's field, which knows no 24:00, and none on no weekday means all. */
export const hoursForm = (hours: Restriction[]): HourForm[] =>
  hours.map(({ weekdays, from, until }, key) => ({
    key,
    weekdays: weekdays.length > 0 ? weekdays : week,
    from,
    until: until === '24:00' ? '00:00' : until,
  }));

export const hoursOf = (forms: HourForm[]): Restriction[] =>
  forms.map(({ weekdays, from, until }) => ({
    weekdays: weekdays.length === week.length ? [] : weekdays,
    from,
    until: until === '00:00' ? '24:00' : until,
  }));

export interface HourErrors {
  weekdays?: string;
  from?: string;
  until?: string;
}

const isTime = (text: string) => /^\d\d:\d\d$/.test(text);

export function checkHours({ weekdays, from, until }: HourForm): HourErrors {
  return {
    ...(weekdays.length === 0 && { weekdays: say.daysMissing }),
    ...(!isTime(from) && { from: say.timeMissing }),
    ...(!isTime(until) && { until: say.timeMissing }),
  };
}

export const areRight = (forms: HourForm[]) => forms.every((form) => Object.keys(checkHours(form)).length === 0);

/** Whether they end on the day after the one on which they begin, which people are told. */
export const isOvernight = ({ from, until }: HourForm) =>
  isTime(from) && isTime(until) && until !== '00:00' && until <= from;

const short = lazy(() => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'short' }));
const long = lazy(() => new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: 'long' }));
const monday = Date.UTC(2024, 0, 1);
const dayOf = (weekday: number) => new Date(monday + (weekday - 1) * 86_400_000);

export const sayShortWeekday = (weekday: number) => short().format(dayOf(weekday));
export const sayWeekday = (weekday: number) => long().format(dayOf(weekday));

/** "Mon–Fri", "Sat, Sun", "every day". */
export function sayDays(weekdays: number[]): string {
  if (weekdays.length === 0 || weekdays.length === week.length) return say.daily;
  const runs: number[][] = [];
  for (const day of weekdays.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.at(-1) === day - 1) run.push(day);
    else runs.push([day]);
  }
  return runs
    .flatMap((run) => {
      const names = run.map(sayShortWeekday);
      return names.length > 2 ? [`${names[0]}–${names.at(-1)}`] : names;
    })
    .join(', ');
}

/** "Mon–Fri 22:00–06:00". */
export function sayHours({ weekdays, from, until }: Restriction): string {
  const whole = from === '00:00' && (until === '24:00' || until === '00:00');
  return `${sayDays(weekdays)} ${whole ? say.allDay : `${from}–${until}`}`;
}
