import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { isNotFound } from '../../api/problem.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useKeepFocus } from '../../ui/keep-focus.ts';
import { Loading } from '../../ui/loading.tsx';
import { Emergency } from '../site/emergency.tsx';
import { useLiveTicket } from '../tickets/live-ticket.ts';
import { ticketQuery } from '../tickets/queries.ts';

const StaffTicket = lazy(() => import('../tickets/staff-ticket.tsx'));

interface Props {
  number: string;
  onClose: () => void;
  /** Remembers the queue, for the way back from the ticket's own page. */
  onLeave: () => void;
}

/** A ticket beside the list. */
export function TicketPane({ number, onClose, onLeave }: Props) {
  const { data: ticket, error, refetch } = useQuery(ticketQuery(number));
  useLiveTicket(number);
  const [inUse, setInUse] = useState(false);
  const gone = isNotFound(error);
  const pane = useKeepFocus<HTMLElement>();
  return (
    <section ref={pane} className="pane" aria-label={staffText.queue.pane(number)}>
      <div className="pane-bar">
        <Link to="/tickets/$number" params={{ number }} onClick={onLeave}>
          {staffText.queue.full}
        </Link>
        <button type="button" className="plain" aria-label={staffText.queue.closePane} onClick={onClose}>
          <Icon name="close" size={18} />
        </button>
      </div>
      <Suspense fallback={<Loading rows={3} />}>
        {ticket && (!gone || inUse) ? (
          <StaffTicket ticket={ticket} onClose={onClose} gone={gone} onUse={setInUse} />
        ) : error ? (
          <>
            <Failure title={ticketText.ticket.failed} error={error} onRetry={() => refetch()} />
            {!gone && <Emergency />}
          </>
        ) : (
          <Loading rows={3} />
        )}
      </Suspense>
    </section>
  );
}
