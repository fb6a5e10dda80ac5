import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Staff, Ticket } from '../../api/types.ts';

const rarely = 5 * 60_000; // how often people come and go

export const staffQuery = queryOptions({
  queryKey: ['staff'],
  staleTime: rarely,
  queryFn: ({ signal }) =>
    readAll(async (pageToken) => {
      const page = data(await api.GET('/v1/staff', { params: { query: { pageSize: 100, pageToken } }, signal }));
      return [page.staff as Staff[], page.nextPageToken];
    }),
});

/** Those of the staff who can be given work, by name. */
export function useStaff(enabled = true): Staff[] {
  const { data: staff } = useQuery({ ...staffQuery, enabled });
  return staff?.filter((person) => !person.disabled) ?? [];
}

/** The zone that a person of the staff lives in, "" where it is not known. */
export function useZoneOf(): (person: string | undefined) => string {
  const { data: staff } = useQuery(staffQuery);
  return (person) => staff?.find(({ id }) => id === person)?.timeZone ?? '';
}

/** The mail address that the directory has of somebody of the staff: "" if it has none, nothing until that is known. */
export function useAddressOf(person: string): string | undefined {
  const { data: staff } = useQuery(staffQuery);
  return staff && (staff.find(({ id }) => id === person)?.email ?? '');
}

/** Teams are names on tickets: those in use are the ones that recent tickets have. */
export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  staleTime: rarely,
  queryFn: async ({ signal }): Promise<string[]> => {
    const page = data(await api.GET('/v1/tickets', { params: { query: { pageSize: 100 } }, signal }));
    return teamsOf(page.tickets as Ticket[]);
  },
});

export function teamsOf(tickets: Pick<Ticket, 'team'>[]): string[] {
  return [...new Set(tickets.map(({ team }) => team).filter(Boolean))].sort((a, b) => a.localeCompare(b));
}
