import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client.ts';
import type { Priority, Ticket, TicketEvent, TicketStatus, TicketType } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { showChange } from './actions.ts';
import { type Hidden, hiddenOf } from './hidden.ts';
import { isKind, priorityOf, urgencies } from './kinds.ts';
import { mergedInto } from './merged-into.ts';
import { conversationQuery, ticketQuery } from './queries.ts';
import { isStale } from './stale.ts';

/** What staff change of a ticket, one field at a time. */
export type Wish =
  | { field: 'status'; status: TicketStatus }
  | { field: 'priority'; priority: Priority }
  | { field: 'tags'; tags: string[] }
  | { field: 'assignee'; assignee: string } // "" takes it away
  | { field: 'team'; team: string }
  | { field: 'type'; type: TicketType; priority?: Priority }
  | { field: 'requester'; requester: string; dropFormer: boolean }
  | { field: 'merge'; into: string }
  | { field: 'hidden'; hidden: Hidden };

/** Somebody else changed the same field in the meantime. */
export interface Conflict {
  wish: Wish;
  /** Who changed what. */
  lines: string[];
  now: Ticket;
}

class ConflictError extends Error {
  readonly conflict: Conflict;
  constructor(conflict: Conflict) {
    super(conflict.lines.join(' '));
    this.conflict = conflict;
  }
}

/** Sends a change of a ticket as it was last seen; the server refuses it if the ticket is another by now. */
export async function sendWish({ number, etag, assignee }: Ticket, wish: Wish): Promise<Ticket> {
  const params = { path: { ticket: number } };
  switch (wish.field) {
    case 'assignee':
      return data(
        await api.POST('/v1/tickets/{ticket}:assign', { params, body: { assignee: wish.assignee, etag } }),
      ) as Ticket;
    case 'team': // the call sets both
      return data(
        await api.POST('/v1/tickets/{ticket}:assign', {
          params,
          body: { assignee: assignee?.id ?? '', team: wish.team, etag },
        }),
      ) as Ticket;
    case 'type': {
      const { field, ...body } = wish;
      return data(await api.POST('/v1/tickets/{ticket}:changeType', { params, body: { ...body, etag } })) as Ticket;
    }
    case 'requester': {
      const { field, ...body } = wish;
      return data(
        await api.POST('/v1/tickets/{ticket}:changeRequester', { params, body: { ...body, etag } }),
      ) as Ticket;
    }
    case 'merge':
      return data(await api.POST('/v1/tickets/{ticket}:merge', { params, body: { into: wish.into, etag } })) as Ticket;
    case 'hidden':
      return hide(number, wish.hidden, etag);
    default: {
      const { field, ...value } = wish;
      return data(await api.PATCH('/v1/tickets/{ticket}', { params, body: { ...value, etag } })) as Ticket;
    }
  }
}

async function hide(ticket: string, hidden: Hidden, etag: string): Promise<Ticket> {
  const path = { ticket };
  if (hidden === 'deleted') {
    return data(await api.DELETE('/v1/tickets/{ticket}', { params: { path, query: { etag } } })) as Ticket;
  }
  const call = { params: { path }, body: { etag } };
  return data(
    hidden === 'spam'
      ? await api.POST('/v1/tickets/{ticket}:markSpam', call)
      : await api.POST('/v1/tickets/{ticket}:restore', call),
  ) as Ticket;
}

/** The value of a field, to see whether two tickets differ in it. */
export function fieldOf(ticket: Ticket, field: Wish['field']): string {
  if (field === 'hidden') return hiddenOf(ticket);
  if (field === 'merge') return mergedInto(ticket);
  if (field === 'assignee' || field === 'requester') return ticket[field]?.id ?? '';
  return String(ticket[field]);
}

// The history calls the priority of what is no incident by another name, which customers do not see.
const historyFields: Record<Wish['field'], string[]> = {
  status: ['status'],
  priority: ['priority', 'internal_priority'],
  tags: ['tags'],
  assignee: ['assignee'],
  team: ['team'],
  type: ['type'],
  requester: ['requester'],
  merge: [], // a merge goes before any other: the server says so
  hidden: ['hidden'],
};

/** Who changed a field since a ticket was seen, a line each: "Ana Ruiz changed Priority: Normal → High". */
export function changesSince(events: TicketEvent[], sequence: string, field: Wish['field']): string[] {
  return events
    .filter((event) => Number(event.sequence) > Number(sequence))
    .flatMap((event) =>
      event.changes
        .filter((change) => historyFields[field].includes(change.field))
        .map((change) => {
          const who = event.actor?.name || event.actor?.email || ticketText.event.system;
          const { fields, changed } = staffText.conflict;
          return changed(who, fields[field], wordOf(field, change.oldValue), wordOf(field, change.newValue));
        }),
    );
}

/** A value of the history as people call it. */
function wordOf(field: Wish['field'], value: string): string {
  if (field === 'priority') {
    const urgency = urgencies.find((name) => name === value);
    return urgency ? ticketText.ticket.priorities[urgency] : value;
  }
  if (field === 'status') {
    const words: Record<string, string> = ticketText.ticket.statuses;
    return words[value === 'on hold' || value === 'on-hold' ? 'onHold' : value] ?? value;
  }
  if (field === 'type') return isKind(value) ? ticketText.ticket.types[value] : value;
  if (field === 'hidden') return actionsText.hidden.states[value as Hidden] ?? value;
  return value || staffText.conflict.nothing;
}

/** The priority of any ticket: staff see it on all types. */
export function priorityNameOf(ticket: Ticket) {
  return urgencies.find((urgency) => priorityOf[urgency] === ticket.priority);
}

/**
 * Changes a ticket. When it is another than was seen, but not in the field that is changed, nobody has to decide anything:
 * the change is sent again. Otherwise both values are put side by side.
 */
async function changeOrCompare(client: QueryClient, seen: Ticket, wish: Wish): Promise<Ticket> {
  try {
    return await sendWish(seen, wish);
  } catch (error) {
    if (!isStale(error)) throw error;
  }
  const { number } = seen;
  const [now, { events }] = await Promise.all([
    client.fetchQuery({ ...ticketQuery(number), staleTime: 0 }),
    client.fetchQuery({ ...conversationQuery(number), staleTime: 0 }),
  ]);
  if (fieldOf(seen, wish.field) === fieldOf(now, wish.field)) return sendWish(now, wish);
  throw new ConflictError({ wish, now, lines: changesSince(events, seen.sequence, wish.field) });
}

export interface StaffChange {
  /**
   * `seen` is the ticket that the person looked at while deciding. `dropped` hears that the person has taken the other's
   * value instead.
   */
  change(wish: Wish, seen: Ticket, done?: () => void, dropped?: () => void): void;
  busy: boolean;
  error: Error | null;
  conflict: Conflict | undefined;
  keepMine(): void;
  takeTheirs(): void;
}

type Done = (() => void) | undefined;

export function useStaffChange(): StaffChange {
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ conflict: Conflict; done: Done; dropped: Done }>();
  const mutation = useMutation({
    mutationFn: ({ wish, seen }: { wish: Wish; seen: Ticket; done: Done; dropped: Done }) =>
      changeOrCompare(client, seen, wish),
    onMutate: () => setAsked(undefined),
    onSuccess: (now, { done }) => {
      showChange(client, now);
      client.invalidateQueries({ queryKey: ['tickets'] });
      done?.();
    },
    onError: (error, { done, dropped }) => {
      if (error instanceof ConflictError) setAsked({ conflict: error.conflict, done, dropped });
    },
  });
  const change: StaffChange['change'] = (wish, seen, done, dropped) => mutation.mutate({ wish, seen, done, dropped });
  return {
    change,
    busy: mutation.isPending,
    error: mutation.error instanceof ConflictError ? null : mutation.error,
    conflict: asked?.conflict,
    keepMine: () => asked && change(asked.conflict.wish, asked.conflict.now, asked.done, asked.dropped),
    takeTheirs: () => {
      setAsked(undefined);
      asked?.dropped?.();
    },
  };
}
