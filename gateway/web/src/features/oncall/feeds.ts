import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { CalendarFeed } from '../../api/types.ts';

/** The links of one's own, for calendar programs. */
export const feedsQuery = queryOptions({
  queryKey: ['calendarFeeds'],
  queryFn: ({ signal }) =>
    readAll(async (pageToken) => {
      const query = { pageSize: 100, pageToken };
      const page = data(await api.GET('/v1/calendarFeeds', { params: { query }, signal }));
      return [page.calendarFeeds as CalendarFeed[], page.nextPageToken];
    }),
});

function useFeedDeed<T, R>(run: (what: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => client.invalidateQueries({ queryKey: feedsQuery.queryKey }),
  });
}

/** Makes a link to the shifts by a schedule, or to one's own where none is named. */
export const useCreateFeed = () =>
  useFeedDeed(
    async (schedule: string) => data(await api.POST('/v1/calendarFeeds', { body: { schedule } })) as CalendarFeed,
  );

export const useDeleteFeed = () =>
  useFeedDeed((calendarFeed: string) =>
    api.DELETE('/v1/calendarFeeds/{calendarFeed}', { params: { path: { calendarFeed } } }),
  );
