import type { StaffNotice, Ticket } from '../../api/types.ts';

/** Something that support staff want to hear of. */
export interface News {
  /** Of a ticket's own news its number: the last of them is enough. */
  id: string;
  kind: 'new' | 'message' | 'returned' | 'held';
  /** Its number, "" where it is about none. */
  ticket: string;
  subject: string;
  /** How many mails were held. */
  mails?: number;
  from: string;
  at: string;
}

/** How old something may be that is told as just having happened: clocks differ a little. */
const justNow = 5 * 60_000;

/** What is remembered of the tickets that were heard of: how each was last. */
export type Known = ReadonlyMap<string, Ticket>;

/**
 * What a live change of a ticket means to somebody of the staff: a new ticket, or words of its customer. They concern its
 * assignee, and where it has none everybody, as nobody's teams are known here. Work of colleagues that the customer does
 * not see leaves the time of a ticket's change as it was; what they see shows in its fields. Neither is news.
 */
export function newsOf(ticket: Ticket, self: string, known: Known, now = Date.now()): News | undefined {
  if (!ticket.unread) return undefined; // read elsewhere, or written by oneself
  const recent = (instant: string) => Math.abs(now - Date.parse(instant)) < justNow;
  const before = known.get(ticket.number);
  if (!before && recent(ticket.createTime)) return news('new', ticket, ticket.createTime);
  const spoken = before ? hasSpoken(before, ticket) : recent(ticket.updateTime);
  const concerns = !ticket.assignee || ticket.assignee.id === self;
  return concerns && spoken && ticket.waitingOn === 'WAITING_ON_SUPPORT'
    ? news('message', ticket, ticket.updateTime)
    : undefined;
}

/** Whether words of the customer are what has changed a ticket: they make it support's turn, or change no other field. */
function hasSpoken(before: Ticket, now: Ticket): boolean {
  if (before.updateTime === now.updateTime) return false;
  return before.waitingOn !== now.waitingOn || fieldsOf(before) === fieldsOf(now);
}

function fieldsOf({ type, priority, status, subject, scope, ccs, team, assignee, requester, page }: Ticket): string {
  return JSON.stringify([type, priority, status, subject, scope, ccs, team, assignee?.id, requester?.id, page]);
}

/** Whether an unread ticket that was found later has words that concern the viewer, who is its assignee or as good as any. */
function hasWords({ waitingOn, createTime, updateTime }: Ticket): boolean {
  return waitingOn === 'WAITING_ON_SUPPORT' && createTime !== updateTime;
}

function news(kind: News['kind'], ticket: Ticket, at: string): News {
  const { number, subject, requester, organizationName } = ticket;
  return { id: number, kind, ticket: number, subject, from: requester?.name || organizationName, at };
}

/**
 * What unread tickets that were found later mean: words in one's own and in nobody's, and new ones, which nobody has looked
 * at yet. Of these what triage has changed since is not their customer's words.
 */
export function newsFound(own: Ticket[], nobodys: Ticket[], fresh: Ticket[]): News[] {
  const known = new Set(fresh.map(({ number }) => number));
  const spoken = [...own, ...nobodys.filter(({ number }) => !known.has(number))].filter(hasWords);
  return [
    ...spoken.map((ticket) => news('message', ticket, ticket.updateTime)),
    ...fresh.map((ticket) => news('new', ticket, ticket.createTime)),
  ];
}

/** What tickets do not tell: mails of one do not reach somebody, or mails of strangers are held in the quarantine. */
export function newsOfMail({ id, kind, ticket, subject, address, mails, createTime: at }: StaffNotice): News {
  return kind === 'KIND_MAIL_HELD'
    ? { id, kind: 'held', ticket: '', subject: '', mails: Number(mails), from: '', at }
    : { id, kind: 'returned', ticket, subject, from: address, at };
}

const most = 20;

/** The list with one more on top: one of each id, and not more than one looks through. */
export function withNews(list: News[], one: News): News[] {
  return [one, ...list.filter(({ id }) => id !== one.id)].slice(0, most);
}

/** The list with what was found afterwards, the newest on top: of each id what came last. */
export function withMissed(list: News[], found: News[]): News[] {
  const when = ({ at }: News) => Date.parse(at);
  const fresh = found
    .toSorted((a, b) => when(a) - when(b))
    .filter((one) => {
      const known = list.find(({ id }) => id === one.id);
      return !known || when(known) < when(one);
    });
  return fresh.reduce(withNews, list).toSorted((a, b) => when(b) - when(a));
}
