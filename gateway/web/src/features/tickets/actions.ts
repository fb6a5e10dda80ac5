import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Ticket } from '../../api/types.ts';
import { tellChangedHere } from './live.ts';
import { mergedInto } from './merged-into.ts';
import { conversationQuery, queueKey, type TicketPage, ticketQuery } from './queries.ts';

const isClosed = ({ status }: Ticket) => status === 'TICKET_STATUS_CLOSED';

/** Puts a changed ticket in place of the one that is shown, and has the rest loaded again. */
export function showChange(client: QueryClient, ticket: Ticket): void {
  const { queryKey } = ticketQuery(ticket.number);
  const old = client.getQueryData(queryKey);
  if (old) client.setQueryData(queryKey, changed(old, ticket));
  // Only the whole ticket has the part of its new type, and says where it goes on if a merge closed it.
  if (old && (old.type !== ticket.type || isClosed(ticket) !== isClosed(old)))
    client.invalidateQueries({ queryKey, exact: true });
  client.invalidateQueries({ queryKey: conversationQuery(ticket.number).queryKey });
  showInQueue(client, ticket);
}

/** Puts what is known of a ticket into the queue, where that has it: rows stay at their places. */
export function showInQueue(client: QueryClient, now: Partial<Ticket> & Pick<Ticket, 'number'>): void {
  client.setQueriesData<InfiniteData<TicketPage>>({ queryKey: queueKey }, (old) => {
    const has = old?.pages.some(({ tickets }) => tickets.some(({ number }) => number === now.number));
    return old && has ? { ...old, pages: old.pages.map((page) => withTicket(page, now)) } : old;
  });
  tellChangedHere(now.number);
}

/** A page of a list with what is known of one of its tickets now. */
export function withTicket(page: TicketPage, now: Partial<Ticket> & Pick<Ticket, 'number'>): TicketPage {
  return { ...page, tickets: page.tickets.map((t) => (t.number === now.number ? { ...t, ...now } : t)) };
}

/** Answers of changes, and live updates, leave out the long parts. Older ones than what is shown change nothing. */
export function changed(old: Ticket, now: Ticket): Ticket {
  if (Number(now.sequence) < Number(old.sequence)) return old;
  const goesOn = mergedInto(old) || now.mergedInto; // for good
  const long = { description: old.description, mergedInto: goesOn } as Pick<
    Ticket,
    'description' | 'mergedInto' | 'incident' | 'problem' | 'task'
  >;
  if (now.type !== old.type) return { ...now, ...long };
  if (old.incident) long.incident = old.incident;
  if (old.problem) long.problem = old.problem;
  if (old.task) long.task = old.task;
  return { ...now, ...long };
}

const path = (ticket: Ticket) => ({ params: { path: { ticket: ticket.number } } });

/** What one can do to a ticket beside answering. */
export const deeds = {
  solve: async (ticket: Ticket) =>
    data(await api.POST('/v1/tickets/{ticket}:solve', { ...path(ticket), body: { etag: ticket.etag } })),
  reopen: async (ticket: Ticket) =>
    data(await api.POST('/v1/tickets/{ticket}:reopen', { ...path(ticket), body: { etag: ticket.etag } })),
  addCcs: (emails: string[]) => async (ticket: Ticket) =>
    data(await api.POST('/v1/tickets/{ticket}:addCcs', { ...path(ticket), body: { emails } })),
  removeCc: (email: string) => async (ticket: Ticket) =>
    data(await api.POST('/v1/tickets/{ticket}:removeCc', { ...path(ticket), body: { email } })),
};

export type Deed = (ticket: Ticket) => Promise<unknown>;

/** Does one of them, and shows what has become of the ticket. */
export function useDeed(ticket: Ticket) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (deed: Deed) => (await deed(ticket)) as Ticket,
    onSuccess: (now) => {
      showChange(client, now);
      client.invalidateQueries({ queryKey: ['tickets'] });
    },
  });
}
