import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { OnCallNotice as Notice } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';

export const onCallNoticeQuery = queryOptions({
  queryKey: ['on-call-notice'],
  staleTime: 60_000,
  queryFn: async ({ signal }) => data(await api.GET('/v1/onCall:notice', { signal })) as Notice,
});

/** Whom Urgent pages. Until that is known, or when it cannot be told, it says so in general. */
export function OnCallNotice() {
  const { data: notice } = useQuery(onCallNoticeQuery);
  return <p className="on-call-notice">{noticeText(notice)}</p>;
}

export function noticeText(notice: Notice | undefined): string {
  const say = ticketText.onCall;
  if (notice?.source === 'SOURCE_NOBODY') return say.nobody;
  const [name] = notice?.names ?? [];
  if (!notice || !name) return say.all;
  const more = notice.count - 1;
  if (more === 0) return say.one(name);
  return notice.source === 'SOURCE_ON_CALL' ? say.more(name, more) : say.others(name, more);
}
