import { expect, it } from 'vitest';
import type { StaffNotice, Ticket } from '../../api/types.ts';
import { type News, newsFound, newsOf, newsOfMail, withMissed, withNews } from './news.ts';

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

const bo = { ...ada, id: 'bo' };
const customers = 'WAITING_ON_CUSTOMER' as const;
const before = (part: Partial<Ticket> = {}) => [{ updateTime: old, ...part }];

it.each<[string, Partial<Ticket>, Partial<Ticket>[], News['kind'] | undefined]>([
  ['a ticket that was just created', { createTime: just }, [], 'new'],
  ['one that was read', { createTime: just, unread: false }, [], undefined],
  ['words in my ticket', { assignee: ada }, [], 'message'],
  ['words in my ticket, after others', { assignee: ada }, before({ assignee: ada }), 'message'],
  ['an answer in my ticket', { assignee: ada }, before({ assignee: ada, waitingOn: customers }), 'message'],
  ["a colleague's note in my ticket", { assignee: ada }, [{ assignee: ada }], undefined],
  ["a colleague's note in an old ticket of mine", { assignee: ada, updateTime: old }, [], undefined],
  ['an answer of a colleague', { assignee: ada, waitingOn: customers }, [], undefined],
  ['another priority of my ticket', { assignee: ada, priority: 'PRIORITY_HIGH' }, before({ assignee: ada }), undefined],
  ['a ticket that was given to me', { assignee: ada }, before(), undefined],
  ['words in the ticket of somebody else', { assignee: bo }, before({ assignee: bo }), undefined],
  ['words in the ticket of nobody', {}, before(), 'message'],
  ['words in the ticket of nobody that was not heard of', {}, [], 'message'],
  ['words in the ticket of a team', { team: 'cloud' }, before({ team: 'cloud' }), 'message'],
  ['a ticket that was given to a team', { team: 'cloud' }, before(), undefined],
  ['a note in the ticket of nobody', {}, [{}], undefined],
  ['a reopened ticket of nobody', { status: 'TICKET_STATUS_OPEN' }, before({ waitingOn: customers }), 'message'],
  ['the priority of a new ticket', { createTime: just, priority: 'PRIORITY_HIGH' }, before(), undefined],
  ['more words in a new ticket', { createTime: just }, before(), 'message'],
])('tells %s', (_, part, known, kind) => {
  const heard = new Map(known.map((was) => ['7', ticket(was)]));
  expect(newsOf(ticket(part), 'ada', heard, now)?.kind).toBe(kind);
});

it.each<[string, Partial<Ticket>, boolean]>([
  ['with words', {}, true],
  ['as it was created', { updateTime: old }, false],
  ['that was answered', { waitingOn: customers }, false],
])('finds a ticket %s afterwards', (_, part, want) => {
  expect(newsFound([], [ticket(part)], [])).toHaveLength(want ? 1 : 0);
});

it('puts what was missed where it belongs, once', () => {
  const entry = (number: string, at: string, kind: News['kind'] = 'new'): News => ({
    id: number,
    kind,
    ticket: number,
    subject: '',
    from: '',
    at: `2026-11-24T${at}:00Z`,
  });
  const list = [entry('1', '11:00', 'message'), entry('2', '09:00')];
  const found = [entry('2', '10:00', 'message'), entry('1', '08:00'), entry('3', '11:30'), entry('2', '09:00')];
  const merged = withMissed(list, found);
  expect(merged.map(({ ticket, kind }) => `${ticket} ${kind}`)).toEqual(['3 new', '1 message', '2 message']);
  expect(withMissed(merged, found)).toEqual(merged);
});

it('keeps one entry of each ticket, the newest first', () => {
  const entry = (number: string): News => ({
    id: number,
    kind: 'new',
    ticket: number,
    subject: '',
    from: '',
    at: just,
  });
  let list: News[] = [];
  for (let n = 0; n < 30; n++) list = withNews(list, entry(String(n)));
  list = withNews(list, entry('15'));
  expect(list).toHaveLength(20);
  expect(list[0]?.ticket).toBe('15');
  expect(new Set(list.map((one) => one.ticket)).size).toBe(20);
});

it('takes a new ticket that triage has changed for a new one, and words in my own for words', () => {
  const own = ticket({ number: '8', assignee: ada });
  const found = newsFound([own], [ticket({})], [ticket({}), own]);
  expect(found.map((one) => [one.ticket, one.kind])).toEqual([
    ['8', 'message'],
    ['7', 'new'],
    ['8', 'new'],
  ]);
  expect(withMissed([], found).map((one) => [one.ticket, one.kind])).toEqual([
    ['8', 'message'],
    ['7', 'new'],
  ]);
});

it('keeps what is said of mails beside the news of their ticket', () => {
  const notice = (part: Partial<StaffNotice>) =>
    ({ id: 'n1', ticket: '7', mails: '0', createTime: just, ...part }) as StaffNotice;
  const returned = newsOfMail(
    notice({ kind: 'KIND_MAIL_RETURNED', subject: 'Blank page', address: 'noa@shop.example' }),
  );
  expect(returned).toMatchObject({ kind: 'returned', ticket: '7', subject: 'Blank page', from: 'noa@shop.example' });
  const held = newsOfMail(notice({ id: 'n2', kind: 'KIND_MAIL_HELD', ticket: '0', mails: '3' }));
  expect(held).toMatchObject({ kind: 'held', ticket: '', mails: 3 });
  const words: News = { id: '7', kind: 'message', ticket: '7', subject: 'Blank page', from: 'Priya', at: just };
  const list = withMissed([words], [returned, held]);
  expect(list.map(({ id }) => id).sort()).toEqual(['7', 'n1', 'n2']);
  expect(withMissed(list, [returned, held])).toEqual(list);
});
