import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { api, data } from '../../api/client.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Ticket, TicketStatus } from '../../api/types.ts';
import { useDraft } from '../../lib/draft.ts';
import { useTabDrafts } from '../../lib/tab-drafts.ts';
import { attachmentsText } from '../../lib/text.attachments.ts';
import { mergedText } from '../../lib/text.merged.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { useHasFocus } from '../../ui/has-focus.ts';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { notices } from '../../ui/notices.tsx';
import { useFiles } from '../attachments/files.ts';
import { AttachmentField } from '../attachments/lazy.tsx';
import { useSelf } from '../session/session.ts';
import { showChange } from './actions.ts';
import { useFirstError } from './first-error.ts';
import { isActive, statusOf } from './kinds.ts';
import { leftOver, type Written } from './left-over.ts';
import { mergedInto } from './merged-into.ts';
import { MovedBar } from './moved-bar.tsx';
import { conversationQuery, ticketQuery } from './queries.ts';
import { carry, collect, type MessageKind, settled, whereTo } from './whereabouts.ts';

const empty: Written = { body: '', files: [], goes: 0 };

interface Props {
  ticket: Ticket;
  /** A note is for staff only, and has a draft of its own. */
  kind?: MessageKind;
  say?: { form: string; label: string; send: string; sent: string };
  /** What whoever writes should see before sending. */
  children?: ReactNode;
  /** Where a reply takes the ticket, unless the server decides. */
  status?: TicketStatus;
  /** Hears whether something is written, or on its way up. */
  onText?: (written: boolean) => void;
  /** Hears whether somebody writes here: what comes from the server must not take the field away from them. */
  onUse?: (inUse: boolean) => void;
  /** Why nothing can be sent any more. What is written stays. */
  refused?: string;
}

const reply = {
  form: ticketText.ticket.reply,
  label: ticketText.ticket.replyLabel,
  send: ticketText.ticket.send,
  sent: ticketText.ticket.sent,
};

/**
 * Writes a reply. To a closed ticket it opens a follow-up; to a duplicate it is added where that goes on. When the ticket
 * becomes one while somebody writes, they are asked first.
 */
export function Composer({ ticket, kind = 'reply', say = reply, status: after, onText, onUse, ...props }: Props) {
  const { children, refused } = props;
  const self = useSelf();
  const navigate = useNavigate();
  const draft = useDraft(`${self.id}:${kind}:${ticket.number}`, empty, useTabDrafts());
  const [error, setError] = useState<string>();
  const shape = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0); // that were refused
  const message = useMessage(ticket, kind, say.sent, draft);
  const latest = useRef(draft);
  latest.current = draft;
  const to = whereTo(ticket);
  const put = (part: Partial<Written>) => {
    const before = latest.current.value;
    latest.current.change(settled({ ...before, ...part }, before, to));
  };
  const files = useFiles(draft.value.files, (kept) => put({ files: kept }));
  const [waiting, setWaiting] = useState(false);
  useFirstError(shape, attempts);
  const status = statusOf(ticket);
  const goesOn = mergedInto(ticket);
  const written = draft.value.body.trim() !== '';
  const begun = written || !files.ready;
  const moved = kind === 'reply' && to !== 0 && (begun || draft.value.files.length > 0) && draft.value.goes !== to;
  const ask = useRef<HTMLButtonElement>(null);
  useEffect(() => onText?.(begun), [onText, begun]);
  const { has: focused, watch } = useHasFocus();
  const inUse = begun || draft.value.files.length > 0 || focused;
  useEffect(() => onUse?.(inUse), [onUse, inUse]);
  const held = message.isPending || !draft.ready || refused !== undefined;

  const send = (then: TicketStatus | undefined = after, agreed = !moved) => {
    if (held) return;
    if (!agreed) return ask.current?.focus();
    if (!written) {
      setError(ticketText.ticket.empty);
      setAttempts((n) => n + 1);
      return;
    }
    setWaiting(!files.ready);
    if (!files.ready) return;
    const sent = moved ? { ...draft.value, goes: to } : draft.value;
    if (moved) draft.change(sent);
    message.mutate({ status: then, sent });
  };
  const take = (number: string) => {
    setWaiting(!files.ready);
    if (message.isPending || !draft.ready || !files.ready) return;
    carry(number, kind, { written: draft.value, taken: draft.clear });
    navigate({ to: '/tickets/$number', params: { number } });
  };
  useEffect(() => {
    if (!draft.ready) return;
    const parcel = collect(ticket.number, kind);
    if (!parcel) return;
    const { body, files: kept } = latest.current.value;
    const both = [body, parcel.written.body].filter(Boolean).join('\n\n');
    latest.current.change({ body: both, files: [...kept, ...parcel.written.files], goes: whereTo(ticket) });
    parcel.taken();
    notices.say(mergedText.taken(ticket.number));
    shape.current?.querySelector('textarea')?.focus();
  }, [draft.ready, kind, ticket]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <form
      ref={shape}
      className={`composer ${kind}`}
      aria-label={say.form}
      onSubmit={submit}
      onKeyDown={onKeyDown}
      {...watch}
    >
      {status === 'solved' && !self.staff && <p className="muted">{ticketText.ticket.solvedHint}</p>}
      {status === 'closed' && kind === 'reply' && !moved && (
        <p className="muted">{goesOn ? mergedText.hint(goesOn) : ticketText.ticket.closedHint}</p>
      )}
      {children}
      <MarkdownField
        label={say.label}
        rows={5}
        value={draft.value.body}
        onChange={(body) => {
          setError(undefined);
          put({ body });
        }}
        error={error}
        command="reply"
      />
      <AttachmentField files={files} />
      {waiting && !files.ready && (
        <p className="error" role="alert">
          {attachmentsText.busy}
        </p>
      )}
      {refused && (
        <Banner tone="warning" alert>
          {refused}
          {kind === 'note' && goesOn && (
            <div className="actions">
              <Button onClick={() => take(goesOn)}>{mergedText.take(goesOn)}</Button>
            </div>
          )}
        </Banner>
      )}
      {moved && (
        <MovedBar
          ticket={ticket}
          busy={held}
          pressed={message.isError}
          first={ask}
          onSend={() => send(after, true)}
          onTake={take}
        />
      )}
      {message.error && !moved && (
        <Banner tone="danger" alert>
          {sentenceOf(message.error)}
        </Banner>
      )}
      <div className="actions">
        {!moved && (
          <Button look="primary" type="submit" busy={held}>
            {message.isPaused
              ? ticketText.ticket.waits
              : message.isPending
                ? ticketText.ticket.sending
                : status === 'closed' && kind === 'reply' && !goesOn
                  ? ticketText.ticket.followUp
                  : say.send}
          </Button>
        )}
        {self.staff && kind === 'reply' && isActive(ticket) && (
          <Button busy={held} onClick={() => send('TICKET_STATUS_SOLVED')}>
            {ticketText.ticket.sendAndSolve}
          </Button>
        )}
        {draft.stored === false && (
          <span className="muted small" role="status">
            {text.common.notKept}
          </span>
        )}
        {draft.restored && draft.value.body && (
          <span className="muted small" role="status">
            {text.common.restored}
          </span>
        )}
      </div>
    </form>
  );
}

interface Sending {
  status: TicketStatus | undefined;
  sent: Written;
}

interface SentDraft {
  value: Written;
  requestId: string;
  change(part: Partial<Written>): void;
  clear(): void;
  renew(): void;
}

function useMessage(ticket: Ticket, kind: MessageKind, saying: string, draft: SentDraft) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const latest = useRef(draft);
  latest.current = draft;
  return useMutation({
    /** Sends the message, and returns the ticket where that has changed. */
    mutationFn: async ({ status, sent }: Sending): Promise<Ticket | undefined> => {
      const params = { path: { ticket: ticket.number }, header: { 'Idempotency-Key': draft.requestId } };
      const message = { body: sent.body, attachments: sent.files.map((file) => file.id) };
      if (kind === 'note') {
        await api.POST('/v1/tickets/{ticket}:note', { params, body: message });
        return undefined;
      }
      const answer = await api.POST('/v1/tickets/{ticket}:reply', {
        params,
        body: { ...message, onlyHere: sent.goes === 0, ...(status && { status }) },
      });
      return data(answer).ticket as Ticket;
    },
    onSuccess: async (now, { sent }) => {
      // What was written while it went is the next message.
      const more = leftOver(sent, latest.current.value);
      if (more) {
        draft.change(more);
        draft.renew();
      } else draft.clear();
      client.invalidateQueries({ queryKey: ['tickets'] });
      if (now && now.number !== ticket.number) {
        const added = now.number === mergedInto(ticket);
        notices.say(added ? mergedText.sent(now.number) : ticketText.ticket.followed(now.number));
        await navigate({ to: '/tickets/$number', params: { number: now.number } });
        return;
      }
      if (now) showChange(client, now);
      await client.refetchQueries({ queryKey: conversationQuery(ticket.number).queryKey });
      notices.say(saying);
    },
    onError: (error) => {
      // It was closed a moment ago, which the page has not heard: then it is asked.
      if (error instanceof ApiError && error.reason === 'TICKET_CLOSED')
        client.invalidateQueries({ queryKey: ticketQuery(ticket.number).queryKey });
      // An attempt whose answer was lost keeps its id: the server knows then that it is the same.
      if (error instanceof ApiError && error.refused) draft.renew();
    },
  });
}
