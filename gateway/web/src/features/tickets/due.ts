import type { Ticket } from '../../api/types.ts';
import { isActive } from './kinds.ts';

/** An instant that support owes something at. */
export interface Due {
  what: 'firstResponse' | 'resolution';
  at: string;
  doneAt?: string;
  late: boolean;
  /** Not late yet, but within the hour. */
  soon: boolean;
}

const hour = 60 * 60_000;

/** What is owed, or was, in the order in which it comes. */
export function duesOf(ticket: Ticket, now = Date.now()): Due[] {
  const dues: Due[] = [];
  const add = (what: Due['what'], at: string | undefined, doneAt: string | undefined) => {
    if (!at || (!doneAt && !isActive(ticket))) return;
    const left = Date.parse(at) - (doneAt ? Date.parse(doneAt) : now);
    dues.push({ what, at, ...(doneAt && { doneAt }), late: left < 0, soon: !doneAt && left >= 0 && left < hour });
  };
  add('firstResponse', ticket.firstResponseDueTime, ticket.firstResponseTime);
  add('resolution', ticket.resolutionDueTime, ticket.solveTime);
  return dues;
}

/** What is to be done next: the earliest that is not done. */
export function nextDue(ticket: Ticket, now = Date.now()): Due | undefined {
  return duesOf(ticket, now)
    .filter((due) => !due.doneAt)
    .sort((a, b) => a.at.localeCompare(b.at))[0];
}

/** How near an instant is that something is owed at; undefined once it is done. */
export type Nearness = 'far' | 'near' | 'missed';

const warning = 15 * 60_000;

export function nearnessOf({ at, doneAt }: Due, now = Date.now()): Nearness | undefined {
  if (doneAt) return undefined;
  const left = Date.parse(at) - now;
  return left < 0 ? 'missed' : left <= warning ? 'near' : 'far';
}

/** What has come nearer, and is to be said: once when it is near, and once when it was missed. */
export function comeNearer(before: ReadonlyMap<Due['what'], Nearness | undefined>, dues: Due[], now = Date.now()) {
  const ranks = ['far', 'near', 'missed'] as const;
  return dues.flatMap((due) => {
    const was = before.get(due.what);
    const nearness = nearnessOf(due, now);
    return was && nearness && ranks.indexOf(nearness) > ranks.indexOf(was) ? [{ what: due.what, nearness }] : [];
  });
}
