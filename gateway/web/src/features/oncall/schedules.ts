import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Override, Person, Schedule, Shift } from '../../api/types.ts';
import { useSelf } from '../session/session.ts';
import { staffQuery } from '../staff/staff.ts';
import { schedulesQuery } from './shifts.ts';

const minute = 60_000;

/** Stands in the address for a schedule that is to be made, unless one has it as its id. */
export const newSchedule = 'new';

/** One schedule of all, undefined while they are not known, null where there is none of this id. */
export function useSchedule(id: string) {
  // Others add exceptions meanwhile, of which no event tells.
  const { data: schedules, error, refetch } = useQuery({ ...schedulesQuery, staleTime: 0, refetchInterval: minute });
  const schedule: Schedule | null | undefined = schedules && (schedules.find((one) => one.id === id) ?? null);
  return { schedule, error, refetch };
}

/** Who is on call in an interval of at most 100 days, in milliseconds. */
export const shiftsQuery = (schedule: string, from: number, to: number) =>
  queryOptions({
    queryKey: ['shifts', schedule, from, to],
    refetchInterval: minute,
    queryFn: ({ signal }) =>
      readAll(async (pageToken) => {
        const [startTime, endTime] = [from, to].map((instant) => new Date(instant).toISOString());
        const query = { startTime: startTime as string, endTime: endTime as string, pageSize: 1000, pageToken };
        const params = { path: { schedule }, query };
        const page = data(await api.GET('/v1/schedules/{schedule}/shifts', { params, signal }));
        return [page.shifts as Shift[], page.nextPageToken];
      }),
  });

/** Does something with a schedule, after which who is on call may be somebody else. */
function useScheduleDeed<T>(run: (what: T) => Promise<unknown>, changes = ['schedules', 'shifts', 'onCall']) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => {
      for (const key of changes) client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export type NewOverride = Pick<Override, 'kind' | 'startTime' | 'endTime'> &
  Partial<Pick<Override, 'person' | 'replacedPerson'>>;

export const useCreateOverride = (schedule: string) =>
  useScheduleDeed((body: NewOverride) =>
    api.POST('/v1/schedules/{schedule}/overrides', { params: { path: { schedule } }, body }),
  );

export const useDeleteOverride = (schedule: string) =>
  useScheduleDeed((override: string) =>
    api.DELETE('/v1/schedules/{schedule}/overrides/{override}', { params: { path: { schedule, override } } }),
  );

export interface SwapPart {
  person: string;
  startTime: string;
  endTime: string;
}

export const useSwap = (schedule: string) =>
  useScheduleDeed(([first, second]: [SwapPart, SwapPart]) =>
    api.POST('/v1/schedules/{schedule}:swap', { params: { path: { schedule } }, body: { first, second } }),
  );

export const useDeleteSchedule = (schedule: string) =>
  useScheduleDeed(
    (etag: string) => api.DELETE('/v1/schedules/{schedule}', { params: { path: { schedule }, query: { etag } } }),
    ['schedules', 'onCall'], // its shifts have gone with it
  );

/** What the viewer may do: engineers stand in for each other, supervisors change all the rest. Nothing until roles are known. */
export function useMay(): { known: boolean; standIn: boolean; supervise: boolean } {
  const self = useSelf();
  const { data: staff } = useQuery(staffQuery);
  const role = staff?.find(({ id }) => id === self.id)?.role;
  const supervise = role === 'STAFF_ROLE_SUPERVISOR' || role === 'STAFF_ROLE_ADMIN';
  return { known: staff !== undefined, standIn: supervise || role === 'STAFF_ROLE_ENGINEER', supervise };
}

/** Names of the staff by their ids, and of those whom shifts tell. */
export function useNameOf(): (person: string) => string {
  const { data: staff } = useQuery(staffQuery);
  return (id) => {
    const person: Pick<Person, 'name' | 'email'> | undefined = staff?.find((one) => one.id === id);
    return person?.name || person?.email || id;
  };
}

/** What is wrong with a field of a request that was refused, by the end of its path. */
export function faultOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find(({ path }) => path.replace(/\[\d+\]$/, '').endsWith(field))?.description;
}

/** What is wrong with a field or, unless with that one only, something in it, by the whole of its path. */
export function faultWithin(error: unknown, field: string, only = false): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  return error.fields.find(({ path }) => (only ? path === field : path.startsWith(field)))?.description;
}

/** What is wrong other than with one of the fields, which say it themselves. */
export function faultBeside(error: unknown, fields: string[]): string | undefined {
  return error && fields.every((field) => faultOf(error, field) === undefined) ? sentenceOf(error) : undefined;
}
