import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { InboundMail } from '../../api/types.ts';
import { mailText } from '../../lib/text.mail.ts';
import type { MailSearch } from './search.ts';

/** How often a mail that is being examined is looked after, in milliseconds: it takes moments, unless ticket is away. */
const soon = 2_000;

const isWaiting = ({ verdict }: InboundMail) => verdict === 'waiting';

/** Mails that came in, the newest first. */
export const inboundQuery = ({ verdict, ticket }: MailSearch) =>
  infiniteQueryOptions({
    queryKey: ['inbound', 'list', verdict ?? '', ticket ?? 0],
    queryFn: async ({ pageParam, signal }) => {
      const query = { verdict, ticket: ticket?.toString(), pageSize: 50, pageToken: pageParam };
      const answer = data(await api.GET('/v1/inboundMails', { params: { query }, signal }));
      return { mails: answer.inboundMails as InboundMail[], nextPageToken: answer.nextPageToken ?? '' };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.nextPageToken || undefined,
    refetchInterval: ({ state }) => state.data?.pages.some(({ mails }) => mails.some(isWaiting)) && soon,
  });

export const inboundMailQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbound', 'one', id],
    queryFn: async ({ signal }) =>
      data(
        await api.GET('/v1/inboundMails/{inboundMail}', { params: { path: { inboundMail: id } }, signal }),
      ) as InboundMail,
    refetchInterval: ({ state }) => state.data && isWaiting(state.data) && soon,
  });

/** Where the mail is as it came. */
export const rawOf = (id: string) => `/v1/inboundMails/${encodeURIComponent(id)}/raw`;

/** The author as the mail names them. */
export function senderOf({ sender, senderName }: Pick<InboundMail, 'sender' | 'senderName'>): string {
  if (!sender) return senderName || mailText.nobody;
  return senderName ? `${senderName} <${sender}>` : sender;
}

/** Whom the address that it came to was given to, or who has written a request; "" when that is not known. */
export function holderOf({ holder }: Pick<InboundMail, 'holder'>): string {
  if (!holder?.email) return '';
  return holder.name ? `${holder.name} <${holder.email}>` : holder.email;
}

/** What it becomes when it is released, in a sentence; "" when it cannot be. */
export function becomes(mail: Pick<InboundMail, 'holder' | 'request' | 'ticket'>): string {
  const holder = holderOf(mail);
  if (mail.request) return mailText.one.opens(holder);
  return holder && mailText.one.becomes(holder, mail.ticket);
}

/** What to release it means, where that is asked. */
export function releaseLead(mail: Pick<InboundMail, 'holder' | 'request' | 'ticket'>): string {
  const holder = holderOf(mail);
  return mail.request ? mailText.release.opens(holder) : mailText.release.lead(holder, mail.ticket);
}

/** Whether a person has taken it out of the quarantine as nothing for a ticket. */
export function isDiscarded({ verdict, releaser }: Pick<InboundMail, 'verdict' | 'releaser'>): boolean {
  return verdict === 'rejected' && releaser !== undefined;
}

/** Why it became what it is, in a sentence; "" when there is nothing to say. A word that is not known stays as it is. */
export function reasonOf({ reason }: Pick<InboundMail, 'reason'>): string {
  return reason && (mailText.reasons[reason] ?? reason);
}

/** What is said of the reason beside it, in our words or in those of a mail server. */
export function detailOf({ detail }: Pick<InboundMail, 'detail'>): { said: string; ours: boolean } {
  const ours = mailText.details[detail];
  return ours === undefined ? { said: detail, ours: false } : { said: ours, ours: true };
}

/** Whether the author's domain vouches for the mail. It is asked only when something hangs on it. */
export function domainOf({ verified, reason }: Pick<InboundMail, 'verified' | 'reason'>): 'pass' | 'fail' | 'unasked' {
  if (verified) return 'pass';
  return reason === 'NOT_VERIFIED' ? 'fail' : 'unasked';
}

/** The ticket that it is about or has become a message of; "" for none. */
export function ticketOf({ replyTicket, ticket }: Pick<InboundMail, 'replyTicket' | 'ticket'>): string {
  return [replyTicket, ticket].find((number) => number !== '0') ?? '';
}
