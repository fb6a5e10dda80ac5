import { expect, it } from 'vitest';
import type { Ticket, TicketEvent } from '../../api/types.ts';
import { changesSince, fieldOf } from './staff-change.ts';

const event = (sequence: string, changes: [string, string, string][], name = 'Ana Ruiz') =>
  ({
    sequence,
    actor: { id: 'a', name, email: 'ana@altis.example', staff: true },
    changes: changes.map(([field, oldValue, newValue]) => ({ field, oldValue, newValue })),
  }) as TicketEvent;

it('names who changed a field, and how, since the ticket was seen', () => {
  const events = [
    event('3', [['priority', 'low', 'normal']]),
    event('4', [
      ['priority', 'normal', 'high'],
      ['status', 'open', 'pending'],
    ]),
    event('10', [['internal_priority', 'high', 'low']], 'Bo Li'),
  ];
  expect(changesSince(events, '3', 'priority')).toEqual([
    'Ana Ruiz changed Priority: Normal → High',
    'Bo Li changed Priority: High → Low',
  ]);
  expect(changesSince(events, '3', 'status')).toEqual(['Ana Ruiz changed Status: Open → Pending']);
  expect(changesSince(events, '3', 'tags')).toEqual([]);
});

it('names types, people and what is hidden in words', () => {
  const events = [
    event('2', [['type', 'incident', 'task']]),
    event('3', [['requester', 'Priya', 'Sam']]),
    event('4', [['hidden', '', 'spam']]),
  ];
  expect(changesSince(events, '1', 'type')).toEqual(['Ana Ruiz changed Type: Incident → Infrastructure change']);
  expect(changesSince(events, '1', 'requester')).toEqual(['Ana Ruiz changed Requester: Priya → Sam']);
  expect(changesSince(events, '1', 'hidden')).toEqual(['Ana Ruiz changed Visibility: visible → Spam']);
});

it('says what an empty value is', () => {
  expect(changesSince([event('2', [['assignee', '', 'Bo Li']])], '1', 'assignee')).toEqual([
    'Ana Ruiz changed Assignee: nobody → Bo Li',
  ]);
});

it('compares by value', () => {
  const ticket = { tags: ['a', 'b'], status: 'TICKET_STATUS_OPEN' } as unknown as Ticket;
  expect(fieldOf(ticket, 'tags')).toBe('a,b');
  expect(fieldOf(ticket, 'assignee')).toBe('');
  expect(fieldOf(ticket, 'status')).toBe('TICKET_STATUS_OPEN');
  expect(fieldOf(ticket, 'requester')).toBe('');
  expect(fieldOf(ticket, 'hidden')).toBe('');
  expect(fieldOf({ ...ticket, spamTime: '2026-11-24T12:00:00Z' }, 'hidden')).toBe('spam');
});
