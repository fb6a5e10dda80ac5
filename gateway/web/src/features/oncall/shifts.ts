import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { OnCallShift, Person, Schedule } from '../../api/types.ts';

export interface OnCall {
  shifts: OnCallShift[];
  fallback: Person[];
}

const minute = 60_000;

async function whoIsOnCall(instant: string | undefined, signal: AbortSignal): Promise<OnCall> {
  const query = instant ? { instant } : {};
  const { shifts, fallback } = data(await api.GET('/v1/onCall', { params: { query }, signal }));
  return { shifts: shifts as OnCallShift[], fallback: fallback as Person[] };
}

/** Who is on call now. It changes by the clock alone. */
export const onCallQuery = queryOptions({
  queryKey: ['onCall', 'now'],
  queryFn: ({ signal }) => whoIsOnCall(undefined, signal),
  refetchInterval: minute,
});

export const schedulesQuery = queryOptions({
  queryKey: ['schedules'],
  staleTime: 5 * minute,
  queryFn: ({ signal }) =>
    readAll(async (pageToken) => {
      const page = data(await api.GET('/v1/schedules', { params: { query: { pageSize: 100, pageToken } }, signal }));
      return [page.schedules as Schedule[], page.nextPageToken];
    }),
});

/** A shift that is to come. */
export interface ComingShift {
  schedule: string;
  scheduleName: string;
  person: Person | undefined; // nobody: a gap
  start: string;
  end: string | undefined;
}

/** How many hand-overs are looked ahead. */
const ahead = 6;

/** The shifts after those of now, in the order in which they begin: who is on call at each hand-over. */
export const comingQuery = queryOptions({
  queryKey: ['onCall', 'coming'],
  staleTime: 5 * minute,
  queryFn: async ({ client, signal }): Promise<ComingShift[]> => {
    let { shifts } = await client.fetchQuery(onCallQuery);
    const coming: ComingShift[] = [];
    for (let n = 0; n < ahead; n++) {
      const start = handOver(shifts);
      if (!start) break;
      const next = (await whoIsOnCall(start, signal)).shifts;
      coming.push(...beginning(shifts, next, start));
      shifts = next;
    }
    return coming;
  },
});

/** How many shifts are likely to come: at each hand-over as many as end together of those of now, if these are known. */
export function likelyToCome(shifts: OnCallShift[] | undefined): number {
  if (!shifts) return ahead;
  const ends = shifts.flatMap(({ endTime }) => endTime ?? []);
  return ends.length === 0 ? 0 : Math.ceil((ahead * ends.length) / new Set(ends).size);
}

/** The next instant at which a shift ends. */
export function handOver(shifts: OnCallShift[]): string | undefined {
  return shifts
    .map(({ endTime }) => endTime)
    .filter((end) => end !== undefined)
    .sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/** The shifts that begin at an instant: those of the schedules whose last one ends then. */
export function beginning(before: OnCallShift[], after: OnCallShift[], start: string): ComingShift[] {
  return after
    .filter(({ schedule }) => before.find((shift) => shift.schedule === schedule)?.endTime === start)
    .map(({ schedule, scheduleName, person, endTime }) => ({ schedule, scheduleName, person, start, end: endTime }));
}
