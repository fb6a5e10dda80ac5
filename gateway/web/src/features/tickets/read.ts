import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { notices } from '../../ui/notices.tsx';
import { showInQueue } from './actions.ts';
import { ticketQuery } from './queries.ts';

/** Tells the server how far the conversation was read, while it is in the foreground. */
export function useRead(ticket: Ticket) {
  const client = useQueryClient();
  const { number, sequence, unread } = ticket;
  useEffect(() => {
    if (!unread) return;
    const read = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', read);
      api.POST('/v1/tickets/{ticket}:markRead', { params: { path: { ticket: number } }, body: { sequence } }).then(
        () => {
          client.setQueryData(ticketQuery(number).queryKey, (old) => old && { ...old, unread: false });
          client.invalidateQueries({ queryKey: ['tickets'] });
          showInQueue(client, { number, unread: false });
        },
        () => undefined, // it stays unread
      );
    };
    document.addEventListener('visibilitychange', read);
    read();
    return () => document.removeEventListener('visibilitychange', read);
  }, [client, number, sequence, unread]);
}

/** Makes a ticket unread again, and then leaves it: whoever sees it unread reads it. */
export async function markUnread(client: QueryClient, number: string, leave: () => void): Promise<void> {
  try {
    await api.POST('/v1/tickets/{ticket}:markUnread', { params: { path: { ticket: number } }, body: {} });
  } catch (error) {
    notices.say(sentenceOf(error));
    return;
  }
  leave();
  client.removeQueries({ queryKey: ticketQuery(number).queryKey });
  client.invalidateQueries({ queryKey: ['tickets'] });
  showInQueue(client, { number, unread: true });
}
