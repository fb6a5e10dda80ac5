import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { useTick } from '../../lib/tick.ts';
import { Time } from '../../ui/time.tsx';
import { PriorityBadge, StatusBadge } from './badges.tsx';
import { Ccs } from './ccs.tsx';
import { isActive, kindOf, urgencyOf } from './kinds.ts';
import { TypeDetails } from './type-details.tsx';
import { scopeText, turnOf } from './words.ts';

/** What a ticket is and where it stands, beside its conversation. */
export function Details({ ticket, staff }: { ticket: Ticket; staff: boolean }) {
  const say = ticketText.ticket;
  const active = isActive(ticket);
  const owing = ticket.waitingOn !== 'WAITING_ON_CUSTOMER';
  return (
    <aside className="details" aria-label={say.details}>
      <dl>
        <Fact name={say.status}>
          <StatusBadge ticket={ticket} />
          {turnOf(ticket, staff) && <span className="muted small">{turnOf(ticket, staff)}</span>}
        </Fact>
        {urgencyOf(ticket) && (
          <Fact name={say.priority}>
            <PriorityBadge ticket={ticket} always />
          </Fact>
        )}
        <Fact name={say.type}>{say.types[kindOf(ticket.type)]}</Fact>
        <Fact name={say.applications}>{scopeText(ticket)}</Fact>
        {staff && <Fact name={say.organization}>{ticket.organizationName}</Fact>}
        <Fact name={say.requester}>{ticket.requester?.name || ticket.requester?.email}</Fact>
        <Fact name={say.assignee}>{ticket.assignee?.name || <span className="muted">{say.nobody}</span>}</Fact>
        {ticket.firstResponseTime ? (
          <Fact name={say.firstDone}>
            <Time at={ticket.firstResponseTime} look="clock" />
          </Fact>
        ) : (
          active &&
          ticket.firstResponseDueTime && (
            <Fact name={say.firstDue}>
              <Owed at={ticket.firstResponseDueTime} owing={owing} />
            </Fact>
          )
        )}
        {active && ticket.resolutionDueTime && (
          <Fact name={say.due}>
            <Owed at={ticket.resolutionDueTime} owing={owing} />
          </Fact>
        )}
        <Fact name={say.created}>
          <Time at={ticket.createTime} look="clock" />
        </Fact>
        {ticket.followUpOf !== '0' && (
          <Fact name={say.follows}>
            <Link to="/tickets/$number" params={{ number: ticket.followUpOf }}>
              #{ticket.followUpOf}
            </Link>
          </Fact>
        )}
      </dl>
      <Ccs ticket={ticket} />
      <TypeDetails ticket={ticket} />
    </aside>
  );
}

/** An instant by which something is owed that has not come yet. While it is the customer's turn, nobody is late. */
function Owed({ at, owing }: { at: string; owing: boolean }) {
  useTick();
  return (
    <>
      <Time at={at} look="clock" />{' '}
      {owing && Date.parse(at) < Date.now() && <span className="badge late">{ticketText.ticket.overdue}</span>}
    </>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
