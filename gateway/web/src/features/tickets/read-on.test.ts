import { expect, it } from 'vitest';
import type { Message, TicketEvent } from '../../api/types.ts';
import { type Conversation, changesTicket, readOn, type Source } from './read-on.ts';

const message = (sequence: number, body = `body ${sequence}`) =>
  ({ id: `m${sequence}`, sequence: `${sequence}`, body }) as Message;
const event = (sequence: number, kind: TicketEvent['kind'], part: Partial<TicketEvent> = {}) =>
  ({ id: `e${sequence}`, sequence: `${sequence}`, kind, message: '', changes: [], ...part }) as TicketEvent;
const said = (sequence: number) => event(sequence, 'KIND_REPLIED', { message: `m${sequence}` });

/** A server that has more than was read, and what it was asked for. */
function server({ messages, events }: Conversation): { source: Source; asked: string[] } {
  const asked: string[] = [];
  const rest = <T extends { sequence: string }>(list: T[], after: number) =>
    list.filter(({ sequence }) => Number(sequence) > after);
  return {
    asked,
    source: {
      messages: async (after) => {
        asked.push(`messages after ${after}`);
        return rest(messages, after);
      },
      events: async (after) => {
        asked.push(`events after ${after}`);
        return rest(events, after);
      },
    },
  };
}

const known: Conversation = {
  messages: [message(1), message(3)],
  events: [said(1), event(2, 'KIND_TRIAGED'), said(3)],
};

it.each<[string, Conversation, string[]]>([
  ['nothing new', known, ['events after 3']],
  [
    'a state that has changed',
    { ...known, events: [...known.events, event(4, 'KIND_STATUS_CHANGED')] },
    ['events after 3'],
  ],
  [
    'messages',
    { messages: [...known.messages, message(5), message(6)], events: [...known.events, said(5), said(6)] },
    ['events after 3', 'messages after 3'],
  ],
  [
    'text that was redacted in a message, and where a later one has quoted it',
    {
      messages: [message(1, '[redacted]'), message(3, 'quotes nothing')],
      events: [...known.events, event(4, 'KIND_MESSAGE_REDACTED', { message: 'm1' })],
    },
    ['events after 3', 'messages after 0', 'events after 0'],
  ],
  [
    'text of a new message that was redacted since',
    {
      messages: [...known.messages, message(4, '[redacted]')],
      events: [...known.events, said(4), event(5, 'KIND_MESSAGE_REDACTED', { message: 'm4' })],
    },
    ['events after 3', 'messages after 0', 'events after 0'],
  ],
  [
    'a field that the history has forgotten',
    {
      ...known,
      events: [
        said(1),
        event(2, 'KIND_FIELDS_CHANGED', { summary: 'forgotten' }),
        said(3),
        event(4, 'KIND_FIELD_REDACTED'),
      ],
    },
    ['events after 3', 'messages after 0', 'events after 0'],
  ],
])('reads on after %s', async (_, now, requests) => {
  const { source, asked } = server(now);
  const { conversation } = await readOn(known, source);
  expect(conversation).toEqual(now);
  expect(asked).toEqual(requests);
});

it('leaves what is shown as it is, when nothing is new', async () => {
  expect((await readOn(known, server(known).source)).conversation).toBe(known);
});

it('reads all where nothing was known of a ticket', async () => {
  const { source } = server(known);
  expect((await readOn({ messages: [], events: [] }, source)).conversation).toEqual(known);
});

it.each<[string, TicketEvent, boolean]>([
  ['a message', said(4), false],
  ['a redacted message, which the description may be', event(4, 'KIND_MESSAGE_REDACTED', { message: 'm1' }), true],
  ['a redacted field', event(4, 'KIND_FIELD_REDACTED'), true],
  ['a field of the type', fields('problem.traces'), true],
  ['the subject, which live updates have', fields('subject'), false],
])('knows whether the long parts of the ticket are others after %s', (_, news, want) => {
  expect(changesTicket([news])).toBe(want);
});

function fields(field: string): TicketEvent {
  return event(4, 'KIND_FIELDS_CHANGED', { changes: [{ field, oldValue: 'a', newValue: 'b' }] });
}
