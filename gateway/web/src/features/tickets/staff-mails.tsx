import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { MailDelivery, Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { text } from '../../lib/text.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { Time } from '../../ui/time.tsx';
import { sayAnswer } from '../oncall/delivery-answer.ts';

const say = staffText.mails;

/** How often what is on its way is looked after, in milliseconds. */
const soon = 3_000;

/** The states of mails that did not arrive, and are on their way no more. */
const lost = ['refused', 'suppressed'];

/** Every mail of the ticket with what the mail server said, to be sent again where it did not arrive. */
export function StaffMails({ ticket }: { ticket: Ticket }) {
  const [open, setOpen] = useState(false);
  const queryKey = ['ticket', ticket.number, 'mails'];
  const { data: mails, error } = useQuery({
    queryKey,
    enabled: open,
    queryFn: ({ signal }) =>
      readAll(async (pageToken) => {
        const params = { path: { ticket: ticket.number }, query: { pageSize: 100, pageToken } };
        const page = data(await api.GET('/v1/tickets/{ticket}/deliveries', { params, signal }));
        return [page.deliveries as MailDelivery[], page.nextPageToken];
      }),
    refetchInterval: ({ state }) => state.data?.some((mail) => mail.state === 'queued') && soon,
  });
  return (
    <details className="more mails" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.title}</summary>
      {!mails && <p className="muted">{error ? sentenceOf(error) : text.common.loading}</p>}
      {mails?.length === 0 && <p className="muted">{say.none}</p>}
      {mails && mails.length > 0 && (
        <ul aria-label={say.title}>
          {mails.toReversed().map((mail) => (
            <Mail key={mail.id} mail={mail} queryKey={queryKey} />
          ))}
        </ul>
      )}
    </details>
  );
}

function Mail({ mail, queryKey }: { mail: MailDelivery; queryKey: string[] }) {
  const client = useQueryClient();
  const resend = useMutation({
    mutationFn: () =>
      api.POST('/v1/deliveries/{delivery}:resend', { params: { path: { delivery: mail.id } }, body: {} }),
    onSuccess: () => notices.say(say.resent(mail.recipient?.email ?? '')),
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  const { recipient, state, acceptTime, nextAttemptTime } = mail;
  return (
    <li>
      <p>
        <strong>{recipient?.name || recipient?.email}</strong> {recipient?.name && <>&lt;{recipient.email}&gt; </>}
        <span className="muted">({say.reasons[mail.reason] ?? mail.reason})</span>
      </p>
      <p className="muted">{mail.subject}</p>
      <p>
        <span className={`badge mail-${state}`}>{say.states[state] ?? state}</span>{' '}
        <Time at={acceptTime ?? mail.createTime} look="clock" />
        {mail.attempts > 1 && ` · ${say.attempts(mail.attempts)}`}
        {nextAttemptTime && state === 'queued' && (
          <>
            {' '}
            · {say.next} <Time at={nextAttemptTime} look="clock" />
          </>
        )}
      </p>
      {mail.answer && <p className="answer">{sayAnswer(mail.answer)}</p>}
      {resend.error && (
        <p className="error" role="alert">
          {sentenceOf(resend.error)}
        </p>
      )}
      {lost.includes(state) && (
        <Fleeting
          look="quiet"
          busy={resend.isPending}
          aria-label={say.resendTo(recipient?.email ?? '')}
          onClick={() => resend.mutate()}
        >
          {say.resend}
        </Fleeting>
      )}
    </li>
  );
}
