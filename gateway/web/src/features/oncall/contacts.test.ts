import { describe, expect, it } from 'vitest';
import { type CodeState, type ContactForm, checkContact, contactOf, isCode, isLast, sayCode } from './contacts.ts';

it.each([
  ['CHANNEL_EMAIL', 'ada@altis.example', '', []],
  ['CHANNEL_EMAIL', ' ', '', ['address']],
  ['CHANNEL_WEBHOOK', 'https://hooks.example/1', '', []],
  ['CHANNEL_PAGERDUTY', 'https://events.pagerduty.com/v2/enqueue', 'key', []],
  ['CHANNEL_PAGERDUTY', '', ' ', ['address', 'secret']],
  ['CHANNEL_OPSGENIE', 'https://api.opsgenie.com', ' ', ['secret']],
  ['CHANNEL_SMS', '+4915112345678', '', []],
  ['CHANNEL_TEAMS', '', '', ['address']],
  ['CHANNEL_MATTERMOST', 'https://chat.example/hooks/1', '', []],
] as const)('%s at %o with the secret %o lacks %o', (channel, address, secret, lacks) => {
  expect(Object.keys(checkContact({ channel, address, secret }))).toEqual(lacks);
});

it.each([
  ['CHANNEL_EMAIL', { channel: 'CHANNEL_EMAIL', address: 'there' }],
  ['CHANNEL_SMS', { channel: 'CHANNEL_SMS', address: 'there' }],
  ['CHANNEL_TEAMS', { channel: 'CHANNEL_TEAMS', address: 'there' }],
  ['CHANNEL_WEBHOOK', { channel: 'CHANNEL_WEBHOOK', address: 'there', secret: 's' }],
  ['CHANNEL_OPSGENIE', { channel: 'CHANNEL_OPSGENIE', address: 'there', secret: 's' }],
] as const)('of %s is sent what belongs to it', (channel, want) => {
  const form: ContactForm = { channel, address: ' there ', secret: ' s ' };
  expect(contactOf(form)).toEqual(want);
  expect(contactOf({ ...form, secret: ' ' })).not.toHaveProperty('secret');
});

it.each([
  ['012345', true],
  [' 012345\n', true],
  ['12345', false],
  ['1234567', false],
  ['12a456', false],
  ['', false],
])('%o is a code: %s', (code, is) => {
  expect(isCode(code)).toBe(is);
});

it.each([
  ['the only one', true, [], true],
  ['the only one that is verified', true, [false], true],
  ['one of two', true, [true], false],
  ['one that is not verified', false, [], false],
])('%s is the last that pages go to', (_, verified, others, is) => {
  const contacts = [verified, ...others].map((yes, i) => ({
    id: `${i}`,
    ...(yes && { verifyTime: '2026-11-30T12:00:00Z' }),
  }));
  expect(isLast({ ...contacts[0], id: '0' }, contacts)).toBe(is);
});

describe('what can be done with a code', () => {
  const now = new Date('2026-11-24T12:00:10Z');
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  const state: CodeState = { codeTriesLeft: 5, codeExpireTime: at(600), nextCodeTime: at(-1) };
  const sent = 'A code of six digits was sent there.';
  const ended = 'The code that was sent there is void';
  it.each([
    ['is sent', {}, [sent, 'until 12:10'], ['left', 'from']],
    ['was tried', { codeTriesLeft: 1 }, [sent, '1 try is left.'], []],
    ['was tried too often', { codeTriesLeft: 0, nextCodeTime: at(20) }, [ended, 'from 12:00:30'], ['until']],
    ['ended while it was looked at', { codeExpireTime: at(0) }, [ended], [sent]],
    ['was refused', { codeAnswer: { kind: 'KIND_PROVIDER', said: '404', text: '', after: '' } }, ['404'], [sent]],
  ] as [string, Partial<CodeState>, string[], string[]][])('that %s', (_, part, says, not) => {
    const said = sayCode({ ...state, ...part }, now);
    for (const words of says) expect(said).toContain(words);
    for (const words of not) expect(said).not.toContain(words);
  });
});
