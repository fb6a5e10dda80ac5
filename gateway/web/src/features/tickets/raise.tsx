import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { notices } from '../../ui/notices.tsx';
import { Emergency } from '../site/emergency.tsx';
import { deeds, useDeed } from './actions.ts';
import { isActive, urgencyOf } from './kinds.ts';
import { OnCallNotice, onCallNoticeQuery } from './on-call-notice.tsx';

const Modal = lazy(() => import('../../ui/modal.tsx').then((m) => ({ default: m.Modal })));

/** Makes an open incident urgent, once it was confirmed that engineers are to be paged. */
export function Raise({ ticket }: { ticket: Ticket }) {
  const [asking, setAsking] = useState(false);
  const deed = useDeed(ticket);
  const urgency = urgencyOf(ticket);
  const possible = urgency && urgency !== 'urgent' && isActive(ticket);
  useQuery({ ...onCallNoticeQuery, enabled: Boolean(possible) }); // is at hand when it is asked
  if (!possible) return null;
  const raise = () =>
    deed.mutate(deeds.raise, {
      onSuccess: () => {
        setAsking(false);
        notices.say(ticketText.ticket.priorityRaised);
      },
    });
  return (
    <>
      <Button icon="bell" onClick={() => setAsking(true)}>
        {ticketText.ticket.raise}
      </Button>
      {asking && (
        <Suspense>
          <Modal title={ticketText.ticket.raiseTitle} onClose={() => setAsking(false)}>
            <OnCallNotice />
            <p>{ticketText.ticket.raiseLead}</p>
            <Emergency />
            {deed.error && (
              <Banner tone="danger" alert>
                {sentenceOf(deed.error)}
              </Banner>
            )}
            <div className="actions">
              <Button look="danger" busy={deed.isPending} onClick={raise}>
                {ticketText.ticket.raiseConfirm}
              </Button>
              <Button look="quiet" onClick={() => setAsking(false)}>
                {text.common.cancel}
              </Button>
            </div>
          </Modal>
        </Suspense>
      )}
    </>
  );
}
