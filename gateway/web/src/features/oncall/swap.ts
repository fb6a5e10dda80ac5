import type { Bar } from './calendar.ts';
import type { SwapPart } from './schedules.ts';

/** Names a shift of a schedule among others. */
export const keyOf = ({ start, duty }: Bar) => `${start} ${duty?.person.id} ${duty?.override}`;

/** The shifts that can be swapped: those of somebody that are not over and whose end is known, if there is another's that is not at the same time. */
export function swappable(bars: Bar[], now: number): Bar[] {
  const theirs = bars.filter(({ duty, end, openEnd }) => duty && end > now && !openEnd);
  return theirs.filter((bar) => partnersOf(bar, theirs).length > 0);
}

/** The shifts of others that are not at the same time as one. */
export function partnersOf(one: Bar, bars: Bar[]): Bar[] {
  return bars.filter(
    ({ duty, start, end }) => duty?.person.id !== one.duty?.person.id && (start >= one.end || end <= one.start),
  );
}

export const partOf = ({ duty, start, end }: Bar): SwapPart => ({
  person: duty?.person.id ?? '',
  startTime: new Date(start).toISOString(),
  endTime: new Date(end).toISOString(),
});
