import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { changed, withTicket } from './actions.ts';

const ticket = (part: Partial<Ticket>) => ({ number: '7', sequence: '2', description: '', ...part }) as Ticket;

it('keeps the long parts, and takes the rest', () => {
  const old = ticket({
    description: 'long',
    incident: { impact: 'all' },
    assignee: { id: 'a', name: '', email: '', staff: true },
  });
  const now = changed(old, ticket({ sequence: '10', subject: 'new' }));
  expect(now).toMatchObject({ description: 'long', incident: { impact: 'all' }, subject: 'new' });
  expect(now.assignee).toBeUndefined();
});

it('forgets the part of the type that it was', () => {
  const old = ticket({ type: 'TICKET_TYPE_INCIDENT', description: 'long', incident: { impact: 'all' } });
  const now = changed(old, ticket({ type: 'TICKET_TYPE_QUESTION', sequence: '3' }));
  expect(now).toMatchObject({ type: 'TICKET_TYPE_QUESTION', description: 'long' });
  expect(now.incident).toBeUndefined();
});

it('keeps where a duplicate goes on, which lists do not say', () => {
  expect(changed(ticket({ mergedInto: '8' }), ticket({ sequence: '3', mergedInto: '0' })).mergedInto).toBe('8');
  expect(changed(ticket({ mergedInto: '0' }), ticket({ sequence: '3', mergedInto: '8' })).mergedInto).toBe('8');
});

it('ignores what arrives late', () => {
  const old = ticket({ sequence: '10' });
  expect(changed(old, ticket({ sequence: '9' }))).toBe(old);
});

it('changes a row of a list, and no other', () => {
  const page = {
    tickets: [ticket({ number: '1' }), ticket({ subject: 'old' })],
    nextPageToken: '',
    filterIssues: [],
    end: undefined,
  };
  const [one, seven] = withTicket(page, { number: '7', unread: false }).tickets;
  expect(one).toBe(page.tickets[0]);
  expect(seven).toMatchObject({ subject: 'old', unread: false });
});
