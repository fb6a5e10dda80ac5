import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { NoticeChannel, NoticePreferences } from '../../api/types.ts';

export const kinds = ['newTicket', 'replyMine', 'replyTeam'] as const;

/** What people can choose. */
export const channels = ['CHANNEL_MAIL', 'CHANNEL_DIGEST', 'CHANNEL_NONE'] as const satisfies NoticeChannel[];
export type Channel = (typeof channels)[number];

export const noticesQuery = queryOptions({
  queryKey: ['notice-preferences'],
  queryFn: async ({ signal }) => data(await api.GET('/v1/me/noticePreferences', { signal })) as NoticePreferences,
});

/** Whether anything is gathered, so that the hours matter. */
export function gathers(preferences: NoticePreferences): boolean {
  return kinds.some((kind) => preferences[kind] === 'CHANNEL_DIGEST');
}

/** The same with an hour of the digest, or without it. */
export function withHour(preferences: NoticePreferences, hour: number, on: boolean): NoticePreferences {
  const others = preferences.digestHours.filter((one) => one !== hour);
  return { ...preferences, digestHours: (on ? [...others, hour] : others).sort((a, b) => a - b) };
}
