import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Application, Organization } from '../../api/types.ts';

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
