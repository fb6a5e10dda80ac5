import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { useDraft } from '../../lib/draft.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { useSelf } from '../session/session.ts';
import { type Deed, useDeed } from './actions.ts';
import type { Form } from './create-form.ts';
import { isActive, urgencyOf } from './kinds.ts';
import { onCallNoticeQuery } from './on-call-notice.tsx';
import { ticketQuery } from './queries.ts';
import { isStale } from './stale.ts';

const dialog = () => import('./raise-dialog.tsx');
const RaiseDialog = lazy(dialog);

const untouched: Partial<Form> = {};

/** Makes an open incident urgent, once it was said what engineers need to know, and that they are to be paged. */
export function Raise({ ticket }: { ticket: Ticket }) {
  const self = useSelf();
  const client = useQueryClient();
  const [seen, setSeen] = useState<Ticket>(); // what the person decides by, while it is asked
  const draft = useDraft(`${self.id}:raise:${ticket.number}`, untouched); // only what was typed: the rest is the ticket's
  const deed = useDeed(seen ?? ticket);
  const urgency = urgencyOf(ticket);
  const possible = urgency && urgency !== 'urgent' && isActive(ticket);
  useQuery({ ...onCallNoticeQuery, enabled: Boolean(possible) }); // is at hand when it is asked
  if (!possible) return null;
  const close = () => {
    setSeen(undefined);
    deed.reset();
  };
  const send = (raise: Deed) =>
    deed.mutate(forgetting(raise, draft.clear), {
      onSuccess: () => {
        setSeen(undefined);
        notices.say(ticketText.ticket.priorityRaised);
      },
      // What others made of it is seen by now: the next attempt is about that.
      onError: (error) => isStale(error) && setSeen(client.getQueryData(ticketQuery(ticket.number).queryKey)),
    });
  return (
    <>
      <Fleeting icon="bell" onPointerEnter={dialog} onFocus={dialog} onClick={() => setSeen(ticket)}>
        {ticketText.ticket.raise}
      </Fleeting>
      {seen && (
        <Suspense>
          <RaiseDialog
            seen={seen}
            draft={draft}
            busy={deed.isPending}
            error={deed.error}
            onSend={send}
            onClose={close}
          />
        </Suspense>
      )}
    </>
  );
}

/** Forgets the draft when it was sent, also if the page was left meanwhile. */
const forgetting =
  (deed: Deed, clear: () => void): Deed =>
  async (seen) => {
    const now = await deed(seen);
    clear();
    return now;
  };
