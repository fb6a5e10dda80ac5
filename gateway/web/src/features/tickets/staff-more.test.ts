import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { actionsOn } from './staff-more.tsx';

const time = '2026-11-24T12:00:00Z';

it.each<[string, Partial<Ticket>, string[]]>([
  ['open', { status: 'TICKET_STATUS_OPEN' }, ['type', 'requester', 'merge', 'redact', 'spam', 'delete']],
  ['closed', { status: 'TICKET_STATUS_CLOSED' }, ['redact', 'spam', 'delete']],
  ['spam', { status: 'TICKET_STATUS_OPEN', spamTime: time }, ['redact', 'delete']],
  ['deleted', { status: 'TICKET_STATUS_OPEN', deleteTime: time }, ['redact']],
])('offers on what is %s what the server will do', (_, ticket, want) => {
  expect(actionsOn(ticket as Ticket)).toEqual(want);
});
