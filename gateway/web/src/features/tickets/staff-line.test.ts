import { expect, it } from 'vitest';
import type { TicketEvent } from '../../api/types.ts';
import { staffLine } from './staff-line.ts';
import { timeline } from './timeline.ts';

const event = (part: Partial<TicketEvent>, changes: [string, string][] = []) =>
  ({
    id: '1',
    sequence: '1',
    createTime: '2026-11-24T12:00:00Z',
    actor: { id: 'j', name: 'Jonas', email: '', staff: true },
    changes: changes.map(([field, newValue]) => ({ field, oldValue: '', newValue })),
    message: '',
    graced: false,
    ...part,
  }) as TicketEvent;

it.each<[string, TicketEvent, string | undefined]>([
  ['the team', event({ kind: 'KIND_ASSIGNEE_CHANGED' }, [['team', 'night']]), 'Jonas gave it to the team night'],
  [
    'the priority of what is no incident',
    event({ kind: 'KIND_PRIORITY_CHANGED' }, [['internal_priority', 'high']]),
    'Jonas set the priority to high',
  ],
  ['what is spam', event({ kind: 'KIND_MARKED_SPAM' }, [['hidden', 'spam']]), 'Jonas marked the ticket as spam'],
  ['what was deleted', event({ kind: 'KIND_DELETED' }, [['hidden', 'deleted']]), 'Jonas deleted the ticket'],
  ['what is back', event({ kind: 'KIND_RESTORED' }, [['hidden', '']]), 'Jonas restored the ticket'],
  ['nothing else', event({ kind: 'KIND_TRIAGED' }, [['priority_reason', 'x']]), undefined],
])('tells staff %s', (_, happened, sentence) => {
  expect(staffLine(happened)?.sentence).toBe(sentence);
  expect(timeline({ messages: [], events: [happened] })).toEqual([]);
  const entries = timeline({ messages: [], events: [happened] }, staffLine);
  expect(entries.map((entry) => entry.what === 'event' && entry.sentence)).toEqual(sentence ? [sentence] : []);
});

it('marks what was done with a login that could not be checked', () => {
  const solved = event({ kind: 'KIND_STATUS_CHANGED', graced: true }, [['status', 'solved']]);
  expect(timeline({ messages: [], events: [solved] })[0]?.graced).toBe(true);
});
