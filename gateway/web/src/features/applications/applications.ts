import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Application, Organization, Ticket } from '../../api/types.ts';

export const applicationsQuery = (organization: string) =>
  queryOptions({
    queryKey: ['applications', organization],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      const path = { organization };
      return readAll(async (pageToken) => {
        const params = { path, query: { pageSize: 100, pageToken } };
        const page = data(await api.GET('/v1/organizations/{organization}/applications', { params, signal }));
        return [page.applications as Application[], page.nextPageToken];
      });
    },
  });

export const organizationsQuery = queryOptions({
  queryKey: ['organizations'],
  staleTime: 5 * 60_000,
  queryFn: ({ signal }) =>
    readAll(async (pageToken) => {
      const page = data(
        await api.GET('/v1/organizations', { params: { query: { pageSize: 100, pageToken } }, signal }),
      );
      return [page.organizations as Organization[], page.nextPageToken];
    }),
});

export interface OpenTickets {
  tickets: Ticket[];
  more: boolean; // there are some that were not counted
}

/** The newest open tickets, to be counted by application: as many as one answer holds. */
export const openTicketsQuery = queryOptions({
  queryKey: ['tickets', 'counted'],
  queryFn: async ({ signal }): Promise<OpenTickets> => {
    const query = { filter: 'is:open', pageSize: 100 };
    const page = data(await api.GET('/v1/tickets', { params: { query }, signal }));
    return { tickets: page.tickets as Ticket[], more: page.nextPageToken !== '' };
  },
});

/** How many of the tickets name the application, or one of its environments; about everything counts for none. */
export function countFor(tickets: Ticket[], application: string, environment?: string): number {
  return tickets.filter((ticket) =>
    ticket.scope.targets.some(
      (t) => t.application === application && (environment === undefined || t.environment === environment),
    ),
  ).length;
}
