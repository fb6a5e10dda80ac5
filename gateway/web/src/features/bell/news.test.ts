import { expect, it } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { type News, newsOf, withNews } from './news.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const old = '2026-11-20T12:00:00Z';
const just = '2026-11-24T11:59:58Z';
const ada = { id: 'ada', name: 'Ada Park', email: '', staff: true };

const ticket = (part: Partial<Ticket>) =>
  ({
    number: '7',
    subject: 'Blank page',
    organizationName: 'Brickyard',
    requester: { id: 'p', name: 'Priya', email: '', staff: false },
    createTime: old,
    updateTime: just,
    unread: true,
    waitingOn: 'WAITING_ON_SUPPORT',
    ...part,
  }) as Ticket;

it.each<[string, Partial<Ticket>, [string, string][], News['kind'] | undefined]>([
  ['a ticket that was just created', { createTime: just }, [], 'new'],
  ['one that was heard of before, and is not mine', { createTime: just }, [['7', old]], undefined],
  ['one that was read', { createTime: just, unread: false }, [], undefined],
  ['words in my ticket', { assignee: ada }, [], 'message'],
  ['words in my ticket, after others', { assignee: ada }, [['7', old]], 'message'],
  ["a colleague's note in my ticket", { assignee: ada }, [['7', just]], undefined],
  ["a colleague's note in an old ticket of mine", { assignee: ada, updateTime: old }, [], undefined],
  ['an answer of a colleague', { assignee: ada, waitingOn: 'WAITING_ON_CUSTOMER' }, [], undefined],
  ['words in the ticket of somebody else', { assignee: { ...ada, id: 'bo' } }, [], undefined],
])('tells %s', (_, part, known, kind) => {
  expect(newsOf(ticket(part), 'ada', new Map(known), now)?.kind).toBe(kind);
});

it('keeps one entry of each ticket, the newest first', () => {
  const entry = (number: string): News => ({ kind: 'new', ticket: number, subject: '', from: '', at: just });
  let list: News[] = [];
  for (let n = 0; n < 30; n++) list = withNews(list, entry(String(n)));
  list = withNews(list, entry('15'));
  expect(list).toHaveLength(20);
  expect(list[0]?.ticket).toBe('15');
  expect(new Set(list.map((one) => one.ticket)).size).toBe(20);
});
