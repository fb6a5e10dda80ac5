import type { Ticket } from '../../api/types.ts';

/** Something that support staff want to hear of. */
export interface News {
  kind: 'new' | 'message';
  ticket: string;
  subject: string;
  from: string;
  at: string;
}

/** How old something may be that is told as just having happened: clocks differ a little. */
const justNow = 5 * 60_000;

/** What is remembered of the tickets that were heard of: when each last changed for its customer. */
export type Known = ReadonlyMap<string, string>;

/**
 * What a live change of a ticket means to somebody of the staff: a new ticket, or words in one of their own. Work of
 * colleagues that the customer does not see leaves the time of a ticket's change as it was, and is no news.
 */
export function newsOf(ticket: Ticket, self: string, known: Known, now = Date.now()): News | undefined {
  if (!ticket.unread) return undefined; // read elsewhere, or written by oneself
  const recent = (instant: string) => Math.abs(now - Date.parse(instant)) < justNow;
  const before = known.get(ticket.number);
  if (before === undefined && recent(ticket.createTime)) return news('new', ticket, ticket.createTime);
  const changed = before === undefined ? recent(ticket.updateTime) : before !== ticket.updateTime;
  const mine = ticket.assignee?.id === self;
  return mine && changed && ticket.waitingOn === 'WAITING_ON_SUPPORT'
    ? news('message', ticket, ticket.updateTime)
    : undefined;
}

export function news(kind: News['kind'], ticket: Ticket, at: string): News {
  const { number, subject, requester, organizationName } = ticket;
  return { kind, ticket: number, subject, from: requester?.name || organizationName, at };
}

const most = 20;

/** The list with one more on top: one of each ticket, and not more than one looks through. */
export function withNews(list: News[], one: News): News[] {
  return [one, ...list.filter(({ ticket }) => ticket !== one.ticket)].slice(0, most);
}
