import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Language } from '../../lib/locale.ts';
import { detailOf, domainOf, holderOf, isDiscarded, reasonOf, senderOf, ticketOf } from './inbound.ts';

const notification = path.join(import.meta.dirname, '../../../../../services/notification/internal');
const read = (file: string) => fs.readFileSync(path.join(notification, file), 'utf8');
const found = (go: string, pattern: RegExp) => [...go.matchAll(pattern)].map(([, one]) => one as string);

/** The server's own words, so that none can be added without a sentence. */
const verdicts = found(read('domain/inbound.go'), /Verdict = "(\w+)"/g);
const reasons = found(read('domain/inbound.go'), /\bReason\w+ += "(\w+)"/g);
const automatic = found(read('mailin/automatic.go'), /return "([^"]+)"/g);

beforeEach(() => vi.resetModules());
afterEach(() => localStorage.setItem('altis.locale', 'en-GB'));

describe.each<Language>(['en', 'de'])('in %s', (language) => {
  it('has words for every verdict, every reason, and whatever a program is known by', async () => {
    localStorage.setItem('altis.locale', language);
    const { mailText } = await import('../../lib/text.mail.ts');
    expect([verdicts.length > 5, reasons.length > 10, automatic.length > 4]).toEqual([true, true, true]);
    expect(verdicts.filter((one) => !mailText.verdicts[one])).toEqual([]);
    expect(reasons.filter((one) => !mailText.reasons[one])).toEqual([]);
    expect(automatic.filter((one) => !mailText.details[one])).toEqual([]);
    const said = [...Object.values(mailText.reasons), ...Object.values(mailText.details)];
    expect(said.filter((sentence) => !/^\p{Lu}.*\.$/u.test(sentence))).toEqual([]);
  });
});

describe.each<[Language, RegExp, RegExp, RegExp]>([
  ['en', /new ticket of nobody/, /new ticket of Noa <noa@shop\.example>/, /message of ticket #7 by Noa/],
  [
    'de',
    /neues Ticket ohne Anfragende/,
    /neues Ticket von Noa <noa@shop\.example>/,
    /Nachricht in Ticket #7, verfasst von Noa/,
  ],
])('in %s', (language, ofNobody, ofHolder, ofTicket) => {
  it('says what a mail becomes when it is released, and of which it cannot be', async () => {
    localStorage.setItem('altis.locale', language);
    const { becomes: said, releaseLead: lead } = await import('./inbound.ts');
    const holder = { id: '', name: 'Noa', email: 'noa@shop.example', staff: false };
    expect(said({ request: true, ticket: '0' })).toMatch(ofNobody);
    expect(said({ request: true, ticket: '0', holder })).toMatch(ofHolder);
    expect(said({ request: false, ticket: '7', holder })).toMatch(ofTicket);
    expect(said({ request: false, ticket: '0' })).toBe('');
    expect(lead({ request: true, ticket: '0' })).toMatch(ofNobody);
    expect(lead({ request: true, ticket: '0', holder })).not.toContain('#0');
    expect(lead({ request: false, ticket: '7', holder })).toContain('#7');
  });
});

it('lists the verdicts that there are', async () => {
  const { verdicts: listed } = await import('./search.ts');
  expect([...listed].sort()).toEqual(verdicts.sort());
});

it('names people as far as the mail does', () => {
  expect(senderOf({ sender: 'mia@shop.example', senderName: 'Mia' })).toBe('Mia <mia@shop.example>');
  expect(senderOf({ sender: 'mia@shop.example', senderName: '' })).toBe('mia@shop.example');
  expect(senderOf({ sender: '', senderName: 'Mia' })).toBe('Mia');
  expect(senderOf({ sender: '', senderName: '' })).toBe('(no sender)');
  const person = { id: '', name: '', email: 'noa@shop.example', staff: false };
  expect(holderOf({ holder: person })).toBe('noa@shop.example');
  expect(holderOf({ holder: { ...person, name: 'Noa' } })).toBe('Noa <noa@shop.example>');
  expect(holderOf({ holder: { ...person, email: '' } })).toBe('');
  expect(holderOf({})).toBe('');
});

it('says why in words, and leaves those of others as they are', () => {
  expect(reasonOf({ reason: '' })).toBe('');
  expect(reasonOf({ reason: 'OWN_MAIL' })).toBe('This desk has sent it itself.');
  expect(reasonOf({ reason: 'OF_A_LATER_RELEASE' })).toBe('OF_A_LATER_RELEASE');
  expect(detailOf({ detail: 'NOT_ON_TICKET' })).toEqual({ said: 'They are not on the ticket any more.', ours: true });
  expect(detailOf({ detail: '550 5.1.1 unknown' })).toEqual({ said: '550 5.1.1 unknown', ours: false });
});

it('tells a mail that was discarded from one with nothing in it', () => {
  const releaser = { id: 'cem', name: 'Cem', email: 'cem@altis.example', staff: true };
  expect(isDiscarded({ verdict: 'rejected', releaser })).toBe(true);
  expect(isDiscarded({ verdict: 'rejected' })).toBe(false);
  expect(isDiscarded({ verdict: 'appended', releaser })).toBe(false);
});

it('knows of the domain only what was asked', () => {
  expect(domainOf({ verified: true, reason: '' })).toBe('pass');
  expect(domainOf({ verified: false, reason: 'NOT_VERIFIED' })).toBe('fail');
  expect(domainOf({ verified: false, reason: 'OTHER_SENDER' })).toBe('unasked');
});

it('leads to the ticket that has the message, else to that of the address', () => {
  expect(ticketOf({ replyTicket: '9', ticket: '7' })).toBe('9');
  expect(ticketOf({ replyTicket: '0', ticket: '7' })).toBe('7');
  expect(ticketOf({ replyTicket: '0', ticket: '0' })).toBe('');
});
