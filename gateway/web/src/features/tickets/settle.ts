import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { useSelf } from '../session/session.ts';
import { deeds, showChange } from './actions.ts';
import { isActive, statusOf } from './kinds.ts';
import { type Conversation, conversationQuery, ticketQuery } from './queries.ts';
import { isStale } from './stale.ts';

export type Step = 'solve' | 'reopen';

/** What came meanwhile, which the person should know before the step is taken. */
export interface Unseen {
  step: Step;
  now: Ticket;
  lines: string[];
}

class UnseenError extends Error {
  readonly unseen: Unseen;
  constructor(unseen: Unseen) {
    super(unseen.lines.join(' '));
    this.unseen = unseen;
  }
}

/** Who else has written a message since, a line each. */
function answersSince(sequence: string, { messages }: Conversation, self: string): string[] {
  const later = messages.filter(
    (message) => Number(message.sequence) > Number(sequence) && message.author?.id !== self,
  );
  const authors = later.map(({ author }) => author?.name || author?.email || ticketText.event.system);
  return Array.from(new Set(authors), ticketText.unseen.answered);
}

/** What somebody who looks at an earlier state of a ticket has not seen of those things that a customer decides by. */
function unseenOf(seen: Ticket, now: Ticket, conversation: Conversation, self: string): string[] {
  const answers = answersSince(seen.sequence, conversation, self);
  const status = statusOf(now);
  if (status === statusOf(seen)) return answers;
  return [...answers, ticketText.unseen.status(ticketText.ticket.statuses[status])];
}

export const canTake = (step: Step, ticket: Ticket) =>
  step === 'solve' ? isActive(ticket) : statusOf(ticket) === 'solved';

/**
 * Solves a ticket or opens it again, as it was last seen. When it is another by now, but nobody has answered and its state
 * is the same, nobody has to decide anything: the step is taken. Otherwise it is asked once more.
 */
export function useSettle(seen: Ticket) {
  const client = useQueryClient();
  const { id: self } = useSelf();
  const [unseen, setUnseen] = useState<Unseen>();
  const mutation = useMutation({
    mutationFn: async ({ step, ticket }: { step: Step; ticket: Ticket }): Promise<Ticket> => {
      const { number } = ticket;
      const conversation = conversationQuery(number);
      const read = () => client.fetchQuery({ ...conversation, staleTime: 0 });
      const shown = client.getQueryData(conversation.queryKey);
      // A ticket is known to be another a moment before what was said in it is on the screen.
      if (shown && client.isFetching({ queryKey: conversation.queryKey, exact: true })) {
        const lines = answersSince(shown.messages.at(-1)?.sequence ?? '0', await read().catch(() => shown), self);
        if (lines.length > 0) throw new UnseenError({ step, now: ticket, lines });
      }
      try {
        return (await deeds[step](ticket)) as Ticket;
      } catch (error) {
        if (!isStale(error)) throw error;
      }
      const [now, then] = await Promise.all([client.fetchQuery({ ...ticketQuery(number), staleTime: 0 }), read()]);
      const lines = unseenOf(ticket, now, then, self);
      if (lines.length > 0) throw new UnseenError({ step, now, lines });
      return (await deeds[step](now)) as Ticket;
    },
    onMutate: () => setUnseen(undefined),
    onSuccess: (now) => {
      showChange(client, now);
      client.invalidateQueries({ queryKey: ['tickets'] });
    },
    onError: (error) => {
      if (error instanceof UnseenError) setUnseen(error.unseen);
    },
  });
  return {
    busy: mutation.isPending,
    unseen,
    leave: () => setUnseen(undefined),
    take: (step: Step, said: { done(): void; failed(error: Error): void }, ticket = seen) =>
      mutation.mutate(
        { step, ticket },
        { onSuccess: said.done, onError: (error) => error instanceof UnseenError || said.failed(error) },
      ),
  };
}
