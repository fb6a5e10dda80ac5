import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Message } from '../../api/types.ts';
import { formatAt, initials } from '../../lib/format.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { MarkdownText } from '../../ui/markdown-text.tsx';
import { Time } from '../../ui/time.tsx';
import { AttachmentList } from '../attachments/lazy.tsx';
import type { Entry } from './timeline.ts';

/** How entries are marked whose author could not be checked against the accounts at that time; staff see it. */
interface Graced {
  label: string;
  hint: string;
}

interface Props {
  entries: Entry[];
  self: string;
  graced?: Graced;
  /** What can be done with a message. */
  menu?: (message: Message) => ReactNode;
}

/** The conversation and all that happened beside it, oldest first. */
export function TimelineView({ entries, self, graced, menu }: Props) {
  return (
    <ol className="timeline" aria-label={ticketText.ticket.conversation}>
      {entries.map((entry) => (
        <li key={entry.id} className={entry.what}>
          {entry.what === 'message' ? (
            <MessageCard entry={entry} self={self} graced={graced} menu={menu?.(entry.message)} />
          ) : (
            <EventLine entry={entry} graced={graced} />
          )}
        </li>
      ))}
    </ol>
  );
}

/** Where the card of a message is, which can take the focus. */
export const idOf = ({ id }: Message) => `message-${id}`;

interface MessageProps {
  entry: Extract<Entry, { what: 'message' }>;
  self: string;
  graced: Graced | undefined;
  menu: ReactNode;
}

function MessageCard({ entry, self, graced, menu }: MessageProps) {
  const { author, kind, body, quoted } = entry.message;
  const note = kind === 'KIND_NOTE';
  const name = author?.name || author?.email || '';
  return (
    <article
      id={idOf(entry.message)}
      className={`message-card ${author?.staff ? 'staff' : ''} ${note ? 'note' : ''}`}
      tabIndex={-1}
    >
      <span className="avatar" aria-hidden="true">
        {initials(name)}
      </span>
      <div className="message-body">
        <header>
          <strong>{name}</strong>
          {author?.id === self && <span className="muted">({text.common.you})</span>}
          {author?.staff && !note && <span className="badge by-staff">{ticketText.ticket.staff}</span>}
          {note && (
            <span className="badge note-badge" title={ticketText.ticket.noteHint}>
              <Icon name="lock" size={13} /> {ticketText.ticket.note}
            </span>
          )}
          {entry.graced && graced && <GracedMark {...graced} />}
          <Time at={entry.at} look="clock" />
          {menu}
        </header>
        <MarkdownText source={body} />
        {quoted && (
          <details className="muted small">
            <summary>{ticketText.ticket.quoted}</summary>
            <MarkdownText source={quoted} />
          </details>
        )}
        <AttachmentList attachments={entry.message.attachments} />
        {entry.redactions.map(({ id, at, who, reason }) => (
          <p key={id} className="muted small">
            <Icon name="lock" size={13} /> {ticketText.event.redacted(who, formatAt(at))}
            {reason && ` · ${ticketText.event.reason}: ${reason}`}
          </p>
        ))}
        {entry.status && <p className="muted small">{ticketText.event.status(name, entry.status)}</p>}
      </div>
    </article>
  );
}

function EventLine({ entry, graced }: { entry: Extract<Entry, { what: 'event' }>; graced: Graced | undefined }) {
  return (
    <p className={`event-line ${entry.tone ?? ''}`}>
      <span className="event-icon">
        <Icon name={entry.icon} size={14} />
      </span>
      <span>
        <Sentence entry={entry} /> · <Time at={entry.at} look="clock" />{' '}
        {entry.graced && graced && <GracedMark {...graced} />}
      </span>
    </p>
  );
}

/** What happened; the other ticket that it names is a link. */
function Sentence({ entry: { sentence, other } }: { entry: Extract<Entry, { what: 'event' }> }) {
  if (!other) return sentence;
  const [before, after] = sentence.split(`#${other}`);
  return (
    <>
      {before}
      <Link to="/tickets/$number" params={{ number: other }}>
        #{other}
      </Link>
      {after}
    </>
  );
}

function GracedMark({ label, hint }: Graced) {
  return (
    <span className="badge graced" title={hint}>
      <Icon name="clock" size={13} /> {label}
    </span>
  );
}
