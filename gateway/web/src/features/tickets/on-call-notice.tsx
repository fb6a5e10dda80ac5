import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { OnCallNotice as Notice } from '../../api/types.ts';
import { formatSpan } from '../../lib/span.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { useSelf } from '../session/session.ts';

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

/**
 * How long Urgent waits for its first answer at most, in minutes. Staff name the customer's organization; of customers it
 * is their own.
 */
const answerTimeQuery = (organization: string) =>
  queryOptions({
    queryKey: ['answer-time', organization],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => {
      const body = { type: 'TICKET_TYPE_INCIDENT', priority: 'PRIORITY_URGENT', organization } as const;
      const answer = await api.POST('/v1/triage:evaluate', { body, signal });
      return minutesUntil(data(answer).firstResponseDueTime, answer.response.headers.get('Date'));
    },
  });

/** From when the server answered, by its own clock: the reader's may be wrong. Null when it does not say. */
export function minutesUntil(due: string | undefined, answered: string | null): number | null {
  const minutes = Math.round((Date.parse(due ?? '') - Date.parse(answered ?? '')) / 60_000);
  return minutes > 0 ? minutes : null;
}

/** The minutes, once they are known. */
export function useAnswerTime(organization: string): number | null | undefined {
  const { staff } = useSelf();
  return useQuery({ ...answerTimeQuery(organization), enabled: !staff || organization !== '' }).data;
}

/** When somebody answers at the latest. Until that is known, or when it cannot be told, it says nothing. */
export function AnswerTime({ organization }: { organization: string }) {
  const minutes = useAnswerTime(organization);
  if (!minutes) return null;
  return <p>{ticketText.onCall.answer(formatSpan(minutes * 60))}</p>;
}
