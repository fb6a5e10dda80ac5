import { lazy, Suspense, useCallback, useState } from 'react';
import type { Ticket, TicketStatus } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Icon } from '../../ui/icon.tsx';
import { Select } from '../../ui/select.tsx';
import { Composer } from './composer.tsx';
import { isActive, statusOf } from './kinds.ts';
import { Recipients } from './staff-recipients.tsx';
import { awaits, type MessageKind } from './whereabouts.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = staffText.composer;

const words: Record<MessageKind, { form: string; label: string; send: string; sent: string }> = {
  reply: { form: say.reply, label: ticketText.ticket.replyLabel, send: ticketText.ticket.send, sent: say.replySent },
  note: { form: say.note, label: say.noteLabel, send: say.sendNote, sent: say.noteSent },
};

interface Props {
  ticket: Ticket;
  onInput: () => void;
  /** As of a composer. */
  onUse: (inUse: boolean) => void;
  refused: string | undefined;
}

/** Writes to the customer, or to colleagues only: two fields that do not look alike, each with its own draft. */
export function StaffComposer({ ticket, onInput, onUse, refused }: Props) {
  const [kind, setKind] = useState<MessageKind>(() => (awaits(ticket.number, 'note') ? 'note' : 'reply'));
  const [asked, setAsked] = useState<MessageKind>();
  const [written, setWritten] = useState(false);
  const [after, setAfter] = useState<TicketStatus>('TICKET_STATUS_PENDING');
  const hear = useCallback((now: boolean) => setWritten(now), []);
  const closed = statusOf(ticket) === 'closed'; // it takes no notes, and a reply opens another ticket
  // A note that was begun before stays one: the next words would else go to the customer.
  const noNote = closed && kind === 'note' ? say.noNote : undefined;
  const go = (to: MessageKind) => {
    setAsked(undefined);
    setWritten(false);
    setKind(to);
  };
  const choose = (to: MessageKind) => {
    if (to === kind) return;
    if (written) setAsked(to);
    else go(to);
  };
  return (
    <section className="staff-composer" aria-label={say.title} onInput={onInput}>
      {(!closed || noNote) && (
        <fieldset className="kinds" aria-label={say.kind}>
          <button type="button" aria-pressed={kind === 'reply'} onClick={() => choose('reply')}>
            <Icon name="mail" size={16} /> {say.reply}
          </button>
          <button
            type="button"
            className="for-note"
            data-command="note"
            aria-pressed={kind === 'note'}
            onClick={() => choose('note')}
          >
            <Icon name="lock" size={16} /> {say.note}
          </button>
        </fieldset>
      )}
      <Composer
        key={kind}
        ticket={ticket}
        kind={kind}
        say={words[kind]}
        onText={hear}
        onUse={onUse}
        {...((refused ?? noNote) && { refused: refused ?? noNote })}
        {...(kind === 'reply' && isActive(ticket) && { status: after })}
      >
        {kind === 'reply' ? <Recipients ticket={ticket} /> : <NoteMark />}
        {kind === 'reply' && isActive(ticket) && (
          <Select
            label={say.thenLabel}
            value={after}
            onChange={setAfter}
            options={(['TICKET_STATUS_PENDING', 'TICKET_STATUS_OPEN', 'TICKET_STATUS_ON_HOLD'] as const).map(
              (value) => ({ value, label: say.thens[value] }),
            )}
          />
        )}
      </Composer>
      {asked && (
        <Suspense>
          <Confirm
            title={say.switchTitle[asked]}
            confirm={say.switchTo[asked]}
            onConfirm={() => go(asked)}
            onClose={() => setAsked(undefined)}
          >
            <p>{say.switchLead[asked]}</p>
          </Confirm>
        </Suspense>
      )}
    </section>
  );
}

function NoteMark() {
  return (
    <p className="note-mark">
      <Icon name="lock" size={16} />
      <span>
        <strong>{say.note}</strong> · {say.noteHint}
      </span>
    </p>
  );
}
