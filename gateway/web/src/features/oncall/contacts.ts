import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Contact, ContactTest, NewContact } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { lazy } from '../../lib/lazy.ts';
import { locale } from '../../lib/locale.ts';
import { contactsText as say } from '../../lib/text.contacts.ts';
import { sayAnswer } from './delivery-answer.ts';

const wording = say.verify;

export const channels = [
  'CHANNEL_EMAIL',
  'CHANNEL_SMS',
  'CHANNEL_TEAMS',
  'CHANNEL_MATTERMOST',
  'CHANNEL_PAGERDUTY',
  'CHANNEL_OPSGENIE',
  'CHANNEL_WEBHOOK',
] as const;
export type Channel = (typeof channels)[number];

/** How a person is reached, in the order in which that is tried. */
export const contactsQuery = (person: string) =>
  queryOptions({
    queryKey: ['contacts', person],
    queryFn: ({ signal }) =>
      readAll(async (pageToken) => {
        const query = { person, pageSize: 100, pageToken };
        const page = data(await api.GET('/v1/contacts', { params: { query }, signal }));
        return [page.contacts as Contact[], page.nextPageToken];
      }),
  });

function useContactDeed<T, R>(person: string, run: (what: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSettled: () => {
      // A contact that goes takes its step of the rules with it.
      for (const key of ['contacts', 'notificationRules']) client.invalidateQueries({ queryKey: [key, person] });
    },
  });
}

export const useCreateContact = (person: string) =>
  useContactDeed(
    person,
    async (contact: NewContact) => data(await api.POST('/v1/contacts', { body: { ...contact, person } })) as Contact,
  );

export const useDeleteContact = (person: string) =>
  useContactDeed(person, (contact: string) => api.DELETE('/v1/contacts/{contact}', { params: { path: { contact } } }));

export const useVerifyContact = (person: string) =>
  useContactDeed(person, ({ contact, code }: { contact: string; code: string }) =>
    api.POST('/v1/contacts/{contact}:verify', { params: { path: { contact } }, body: { code } }),
  );

export const useSendCode = (person: string) =>
  useContactDeed(
    person,
    async (contact: string) =>
      data(await api.POST('/v1/contacts/{contact}:sendCode', { params: { path: { contact } }, body: {} })) as Contact,
  );

/** Whether it is the only one that pages go to: until there is one, they go to the address of the directory. */
export function isLast({ id, verifyTime }: Verifiable, contacts: Verifiable[]): boolean {
  return Boolean(verifyTime) && !contacts.some((other) => other.id !== id && other.verifyTime);
}

type Verifiable = Pick<Contact, 'id' | 'verifyTime'>;

/** Codes have six digits; people may copy blanks with them. */
export const isCode = (code: string): boolean => /^\s*\d{6}\s*$/.test(code);

const clock = lazy(() => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), timeStyle: 'short' }));
const exactClock = lazy(() => new Intl.DateTimeFormat(locale, { timeZone: timeZone(), timeStyle: 'medium' }));

export type CodeState = Pick<Contact, 'codeAnswer' | 'codeTriesLeft' | 'codeExpireTime' | 'nextCodeTime'>;

/** What can be done with the code of a contact that is not verified, or why it cannot be entered. */
export function sayCode(contact: CodeState, now = new Date()): string {
  const { codeAnswer, codeTriesLeft: left, codeExpireTime, nextCodeTime } = contact;
  const expires = new Date(codeExpireTime ?? 0);
  const next = new Date(nextCodeTime ?? 0);
  const wait = next > now && wording.next(exactClock().format(next));
  if (codeAnswer) return [wording.refused(sayAnswer(codeAnswer)), wait].filter(Boolean).join(' ');
  if (left === 0 || expires <= now) return [wording.ended, wait].filter(Boolean).join(' ');
  return [wording.hint, wording.until(clock().format(expires)), left < 5 && wording.left(left)]
    .filter(Boolean)
    .join(' ');
}

export function useTestContact() {
  return useMutation({
    mutationFn: async (contact: string) => {
      const request = { params: { path: { contact } }, body: {} };
      return data(await api.POST('/v1/contacts/{contact}:test', request)) as ContactTest;
    },
  });
}

export interface ContactForm {
  channel: Channel;
  address: string;
  secret: string;
}

/** Where the services that need a key are, which few have to change. */
export const services: Partial<Record<Channel, string>> = {
  CHANNEL_PAGERDUTY: 'https://events.pagerduty.com/v2/enqueue',
  CHANNEL_OPSGENIE: 'https://api.opsgenie.com',
};

export function checkContact({ channel, address, secret }: ContactForm): { address?: string; secret?: string } {
  return {
    ...(!address.trim() && { address: say.addressMissing }),
    ...(services[channel] && !secret.trim() && { secret: say.keyMissing }),
  };
}

/** Whether a contact has a secret beside its address: webhooks get one where none is given. */
export const hasSecret = (channel: Channel): boolean => channel === 'CHANNEL_WEBHOOK' || channel in services;

/** The request of a form. */
export function contactOf({ channel, address, secret }: ContactForm): NewContact {
  const own = hasSecret(channel) ? secret.trim() : '';
  return { channel, address: address.trim(), ...(own && { secret: own }) };
}
