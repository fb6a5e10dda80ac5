import type { Ticket } from '../../api/types.ts';
import { nextDue } from './due.ts';

/** What the server said of tickets that have changed: those that the list has, as they are now, and undefined of others. */
export type Verdicts = ReadonlyMap<string, Ticket | undefined>;

/** How a list stands: what would come into it, and what is shown and does not belong there any more. */
export interface Standing {
  fresh: number;
  gone: ReadonlySet<string>;
}

/** Where a list ends that has more pages: what comes after it is no news, but comes with them. */
export interface End {
  ticket: Ticket;
  order: string;
}

export function standingOf(verdicts: Verdicts, shown: Ticket[], end: End | undefined): Standing {
  const numbers = new Set(shown.map(({ number }) => number));
  let fresh = 0;
  for (const [number, ticket] of verdicts) {
    if (ticket && !numbers.has(number) && (!end || isBefore(ticket, end))) fresh++;
  }
  return { fresh, gone: new Set([...numbers].filter((number) => verdicts.has(number) && !verdicts.get(number))) };
}

/** Whether a ticket comes before the end of the list, as the server sorts it. */
function isBefore(ticket: Ticket, { ticket: last, order }: End): boolean {
  const [by = '', direction] = order.split(' ');
  const steps =
    (by === 'priority' ? urgencyOf(ticket) - urgencyOf(last) : 0) ||
    instantOf(ticket, by) - instantOf(last, by) ||
    Number(ticket.number) - Number(last.number);
  return direction === 'desc' ? steps > 0 : steps < 0;
}

/** Customers see the priority of incidents only: all else is below them. */
const urgencyOf = ({ priority }: Ticket) => priorities.indexOf(priority);
const priorities: Ticket['priority'][] = ['PRIORITY_LOW', 'PRIORITY_NORMAL', 'PRIORITY_HIGH', 'PRIORITY_URGENT'];

/** What is not owed comes last. */
const never = Number.MAX_SAFE_INTEGER;

function instantOf(ticket: Ticket, by: string): number {
  if (by === 'next_due_time') return Date.parse(nextDue(ticket)?.at ?? '') || never;
  return Date.parse(by === 'create_time' ? ticket.createTime : ticket.updateTime);
}
