import { sentenceOf } from '../../api/problem.ts';
import type { Ticket, TicketEvent } from '../../api/types.ts';
import { formatAt } from '../../lib/format.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { notices } from '../../ui/notices.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import { hiddenBy, hiddenOf } from './hidden.ts';
import { isActive, urgencyOf } from './kinds.ts';
import { useStaffChange } from './staff-change.ts';
import '../../styles/actions.css';

const say = actionsText.hidden;

/** That a ticket is out of the lists; nothing while it is in them. */
export function HiddenBadge({ ticket }: { ticket: Ticket }) {
  const hidden = hiddenOf(ticket);
  return hidden ? <span className="badge hidden-ticket">{say.states[hidden]}</span> : null;
}

/** Who took the ticket out of the lists, what that means, and the way back. */
export function HiddenBanner({ ticket, events }: { ticket: Ticket; events: TicketEvent[] }) {
  const change = useStaffChange();
  const hidden = hiddenOf(ticket);
  if (!hidden) return null;
  const who = hiddenBy(hidden, events) || say.somebody;
  const restore = () =>
    change.change({ field: 'hidden', hidden: '' }, ticket, () => {
      notices.say(say.restored);
      document.querySelector('h1')?.focus({ preventScroll: true }); // the button has gone
    });
  return (
    <>
      <ConflictBar change={change} />
      <Banner
        tone="warning"
        icon="lock"
        title={
          hidden === 'spam'
            ? say.spamBy(who, formatAt(ticket.spamTime ?? ''))
            : say.deletedBy(who, formatAt(ticket.deleteTime ?? ''))
        }
      >
        <p>{hidden === 'spam' ? say.spamLead : say.deletedLead(formatAt(ticket.purgeTime ?? ''))}</p>
        {urgencyOf(ticket) === 'urgent' && isActive(ticket) && <p>{say.pages}</p>}
        {change.error && <p role="alert">{sentenceOf(change.error)}</p>}
        <Button busy={change.busy} onClick={restore}>
          {say.restore}
        </Button>
      </Banner>
    </>
  );
}
