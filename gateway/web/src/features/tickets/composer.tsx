import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type KeyboardEvent, useRef, useState } from 'react';
import { api, data } from '../../api/client.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Ticket, TicketStatus } from '../../api/types.ts';
import { useDraft } from '../../lib/draft.ts';
import { attachmentsText } from '../../lib/text.attachments.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { MarkdownField } from '../../ui/markdown-field.tsx';
import { notices } from '../../ui/notices.tsx';
import { type KeptFile, useFiles } from '../attachments/files.ts';
import { AttachmentField } from '../attachments/lazy.tsx';
import { useSelf } from '../session/session.ts';
import { showChange } from './actions.ts';
import { isActive, statusOf } from './kinds.ts';
import { conversationQuery } from './queries.ts';

interface Written {
  body: string;
  files: KeptFile[];
}

const empty: Written = { body: '', files: [] };

/** Writes a reply. To a closed ticket it opens a follow-up. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const self = useSelf();
  const draft = useDraft(`${self.id}:reply:${ticket.number}`, empty);
  const [error, setError] = useState<string>();
  const area = useRef<HTMLTextAreaElement>(null);
  const reply = useReply(ticket, draft);
  const files = useFiles(draft.value.files, (kept) => draft.change({ files: kept }));
  const [waiting, setWaiting] = useState(false);
  const status = statusOf(ticket);

  const send = (to?: TicketStatus) => {
    if (reply.isPending) return;
    if (!draft.value.body.trim()) {
      setError(ticketText.ticket.empty);
      area.current?.focus();
      return;
    }
    setWaiting(!files.ready);
    if (files.ready) reply.mutate(to);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <form className="composer" aria-label={ticketText.ticket.reply} onSubmit={submit} onKeyDown={onKeyDown}>
      {status === 'solved' && !self.staff && <p className="muted">{ticketText.ticket.solvedHint}</p>}
      {status === 'closed' && <p className="muted">{ticketText.ticket.closedHint}</p>}
      <MarkdownField
        label={ticketText.ticket.replyLabel}
        rows={5}
        value={draft.value.body}
        onChange={(body) => {
          setError(undefined);
          draft.change({ body });
        }}
        error={error}
        areaRef={area}
        command="reply"
      />
      <AttachmentField files={files} />
      {waiting && !files.ready && (
        <p className="error" role="alert">
          {attachmentsText.busy}
        </p>
      )}
      {reply.error && (
        <Banner tone="danger" alert>
          {sentenceOf(reply.error)}
        </Banner>
      )}
      <div className="actions">
        <Button look="primary" type="submit" busy={reply.isPending}>
          {reply.isPending
            ? ticketText.ticket.sending
            : status === 'closed'
              ? ticketText.ticket.followUp
              : ticketText.ticket.send}
        </Button>
        {self.staff && isActive(ticket) && (
          <Button busy={reply.isPending} onClick={() => send('TICKET_STATUS_SOLVED')}>
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

function useReply(ticket: Ticket, draft: { value: Written; requestId: string; clear(): void; renew(): void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (status: TicketStatus | undefined) =>
      data(
        await api.POST('/v1/tickets/{ticket}:reply', {
          params: { path: { ticket: ticket.number }, header: { 'Idempotency-Key': draft.requestId } },
          body: {
            body: draft.value.body,
            attachments: draft.value.files.map((file) => file.id),
            ...(status && { status }),
          },
        }),
      ).ticket as Ticket,
    onSuccess: async (now) => {
      draft.clear();
      client.invalidateQueries({ queryKey: ['tickets'] });
      if (now.number !== ticket.number) {
        notices.say(ticketText.ticket.followed(now.number));
        await navigate({ to: '/tickets/$number', params: { number: now.number } });
        return;
      }
      showChange(client, now);
      await client.refetchQueries({ queryKey: conversationQuery(ticket.number).queryKey });
      notices.say(ticketText.ticket.sent);
    },
    onError: (error) => {
      // An attempt whose answer was lost keeps its id: the server knows then that it is the same.
      if (error instanceof ApiError && error.refused) draft.renew();
    },
  });
}
