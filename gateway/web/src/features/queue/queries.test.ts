import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { byDue } from './queries.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const ticket = (number: string, part: Partial<Ticket> = {}) =>
  ({ number, status: 'TICKET_STATUS_OPEN', ...part }) as Ticket;

it('puts first what is owed first, late or not, and last what nothing is owed to', () => {
  const tickets = [
    ticket('nothing'),
    ticket('tomorrow', { firstResponseDueTime: '2026-11-25T12:00:00Z' }),
    ticket('answered', {
      firstResponseDueTime: '2026-11-24T09:00:00Z',
      firstResponseTime: '2026-11-24T08:00:00Z',
      resolutionDueTime: '2026-11-24T13:00:00Z',
    }),
    ticket('late', { firstResponseDueTime: '2026-11-24T11:00:00Z' }),
    ticket('nothing either'),
  ];
  expect(byDue(tickets, now).map(({ number }) => number)).toEqual([
    'late',
    'answered',
    'tomorrow',
    'nothing',
    'nothing either',
  ]);
});
