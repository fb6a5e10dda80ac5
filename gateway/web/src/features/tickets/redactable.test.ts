import { expect, it } from 'vitest';
import type { Ticket, TicketEvent } from '../../api/types.ts';
import { redactable } from './redactable.ts';

const ticket = {
  subject: 'Login fails',
  problem: { actual: '[redacted]', traces: 'at login', steps: '' },
} as unknown as Ticket;

const changed = (field: string, oldValue: string, newValue: string) =>
  ({ changes: [{ field, oldValue, newValue }] }) as TicketEvent;

it('offers what a ticket says, and what its history says that it said', () => {
  const events = [
    changed('subject', 'Login with hunter2', 'Login fails'),
    changed('incident.impact', 'Nobody gets in', ''),
    changed('status', 'open', 'pending'),
    changed('problem.actual', '[redacted]', '[redacted]'),
  ];
  expect(redactable(ticket, events)).toEqual([
    { field: 'subject', label: 'Subject', said: 'Login fails\n\nLogin with hunter2' },
    { field: 'incident.impact', label: 'Impact', said: 'Nobody gets in' },
    { field: 'problem.traces', label: 'Trace', said: 'at login' },
  ]);
});

it('offers nothing of which nothing is left', () => {
  expect(redactable({ subject: '[redacted]' } as Ticket, [])).toEqual([]);
});
