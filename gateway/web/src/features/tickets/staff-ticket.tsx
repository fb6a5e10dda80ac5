import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { Message, Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useSelf } from '../session/session.ts';
import { Emergency } from '../site/emergency.tsx';
import { PageBadge, PriorityBadge, StatusBadge } from './badges.tsx';
import { Caveats } from './caveats.tsx';
import { Ccs } from './ccs.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import { Fact } from './details.tsx';
import { hiddenOf } from './hidden.ts';
import { isActive, kindOf, statusOf } from './kinds.ts';
import { listFor } from './left-list.ts';
import { MergedBanner } from './merged-banner.tsx';
import { PageState } from './page-state.tsx';
import { Paused } from './paused.tsx';
import { Present, usePresence } from './presence.tsx';
import { conversationQuery } from './queries.ts';
import { Raise } from './raise.tsx';
import { useRead } from './read.ts';
import { type StaffChange, useStaffChange } from './staff-change.ts';
import { StaffComposer } from './staff-composer.tsx';
import { StaffDue } from './staff-due.tsx';
import { HiddenBadge, HiddenBanner } from './staff-hidden.tsx';
import { staffLine } from './staff-line.ts';
import { StaffMails } from './staff-mails.tsx';
import { StaffMessageMenu } from './staff-message-menu.tsx';
import { StaffMore } from './staff-more.tsx';
import { PageByHand, StaffPaging } from './staff-paging.tsx';
import { StaffProperties } from './staff-properties.tsx';
import { timeline } from './timeline.ts';
import { TimelineView } from './timeline-view.tsx';
import { TypeDetails } from './type-details.tsx';
import { scopeText } from './words.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';

interface Props {
  ticket: Ticket;
  onClose?: () => void;
  /** There is no such ticket any more: it is shown as long as somebody writes. */
  gone: boolean;
  onUse: (inUse: boolean) => void;
}

/** A ticket as support staff work on it: a page of its own, or beside the queue, where it can be closed. */
export default function StaffTicket({ ticket, onClose, gone, onUse }: Props) {
  const change = useStaffChange();
  const navigate = useNavigate();
  const list = listFor({ staff: true });
  const beside = onClose !== undefined;
  useRead(ticket);
  const lead = (
    <p className="ticket-lead">
      <span className="muted">#{ticket.number}</span>
      <HiddenBadge ticket={ticket} />
      <StatusBadge ticket={ticket} />
      <PriorityBadge ticket={ticket} />
      <PageBadge ticket={ticket} />
    </p>
  );
  const body = <Body ticket={ticket} change={change} beside={beside} gone={gone} onUse={onUse} />;
  const actions = (
    <StaffActions ticket={ticket} change={change}>
      <StaffMore ticket={ticket} onGone={onClose ?? (() => navigate(list))} />
    </StaffActions>
  );
  if (beside) {
    return (
      <>
        <header className="page-header">
          <div>
            <h2 tabIndex={-1}>{ticket.subject}</h2>
            {lead}
          </div>
          {actions}
        </header>
        {body}
      </>
    );
  }
  return (
    <Page
      title={ticket.subject}
      tab={`#${ticket.number} ${ticket.subject}`}
      above={
        <Link {...list} className="back">
          <Icon name="chevron" size={16} />
          {list.to === '/queue' ? staffText.queue.title : ticketText.ticket.back}
        </Link>
      }
      lead={lead}
      beside={actions}
    >
      {body}
    </Page>
  );
}

const say = staffText.composer;

const messageMenu = (message: Message) => <StaffMessageMenu message={message} />;

interface PartProps {
  ticket: Ticket;
  change: StaffChange;
}

interface BodyProps extends PartProps, Pick<Props, 'gone' | 'onUse'> {
  beside: boolean;
}

function Body({ ticket, change, beside, gone, onUse }: BodyProps) {
  const self = useSelf();
  const conversation = useQuery(conversationQuery(ticket.number));
  const entries = useMemo(() => conversation.data && timeline(conversation.data, staffLine), [conversation.data]);
  const presence = usePresence(ticket.number);
  const hidden = hiddenOf(ticket);
  const [inUse, setInUse] = useState(false);
  const use = useCallback(
    (now: boolean) => {
      setInUse(now);
      onUse(now);
    },
    [onUse],
  );
  const refused = gone ? say.gone : hidden ? say.refused[hidden] : undefined;
  return (
    <>
      <ConflictBar change={change} />
      <div className="ticket staff-ticket">
        <div className="ticket-main">
          <Paused />
          {beside && (
            <div className="properties-beside">
              <StaffProperties ticket={ticket} change={change} />
              <StaffDue ticket={ticket} />
            </div>
          )}
          <HiddenBanner ticket={ticket} events={conversation.data?.events ?? []} />
          <MergedBanner ticket={ticket} />
          <PageState ticket={ticket} staff />
          <StaffPaging ticket={ticket} />
          <Caveats ticket={ticket} />
          {conversation.isError && !entries && (
            <>
              <Failure
                title={ticketText.ticket.failed}
                error={conversation.error}
                onRetry={() => conversation.refetch()}
              />
              <Emergency />
            </>
          )}
          {conversation.isPending && <Loading rows={3} />}
          {entries && <TimelineView entries={entries} self={self.id} graced={staffText.graced} menu={messageMenu} />}
          <Present people={presence.people} />
          {(!refused || inUse) && (
            <StaffComposer ticket={ticket} onInput={presence.typed} onUse={use} refused={refused} />
          )}
        </div>
        <aside className="details" aria-label={ticketText.ticket.details}>
          {!beside && (
            <>
              <StaffProperties ticket={ticket} change={change} />
              <StaffDue ticket={ticket} />
            </>
          )}
          <Facts ticket={ticket} />
          <Ccs ticket={ticket} fixed={hidden !== ''} />
          <TypeDetails ticket={ticket} />
          <StaffMails ticket={ticket} />
        </aside>
      </div>
    </>
  );
}

function StaffActions({ ticket, change, children }: PartProps & { children: ReactNode }) {
  if (hiddenOf(ticket)) return <div className="actions">{children}</div>; // nobody works on it
  return (
    <div className="actions">
      <Raise ticket={ticket} />
      <PageByHand ticket={ticket} />
      {isActive(ticket) && (
        <Fleeting
          icon="check"
          data-command="solve"
          busy={change.busy}
          onClick={() => change.change({ field: 'status', status: 'TICKET_STATUS_SOLVED' }, ticket)}
        >
          {ticketText.ticket.solve}
        </Fleeting>
      )}
      {statusOf(ticket) === 'solved' && (
        <Fleeting
          busy={change.busy}
          onClick={() => change.change({ field: 'status', status: 'TICKET_STATUS_OPEN' }, ticket)}
        >
          {ticketText.ticket.reopen}
        </Fleeting>
      )}
      {children}
    </div>
  );
}

function Facts({ ticket }: { ticket: Ticket }) {
  const say = ticketText.ticket;
  return (
    <dl>
      <Fact name={say.organization}>{ticket.organizationName}</Fact>
      <Fact name={say.requester}>
        <span title={ticket.requester?.email}>{ticket.requester?.name || ticket.requester?.email}</span>
      </Fact>
      <Fact name={say.type}>{say.types[kindOf(ticket.type)]}</Fact>
      <Fact name={say.applications}>{scopeText(ticket)}</Fact>
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
  );
}
