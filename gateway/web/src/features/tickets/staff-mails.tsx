import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { MailDelivery, Ticket } from '../../api/types.ts';
import { formatAt } from '../../lib/format.ts';
import { staffText } from '../../lib/text.staff.ts';
import { text } from '../../lib/text.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Time } from '../../ui/time.tsx';
import { sayAnswer } from '../oncall/delivery-answer.ts';
import { isLost, isPutOff, mailsKey, useResend } from './mails.ts';
import '../../styles/mail.css';

const say = staffText.mails;

/** How often what is on its way is looked after, in milliseconds. */
const soon = 3_000;

/** Every mail of the ticket with what the mail server said, to be sent again where it did not arrive. */
export function StaffMails({ ticket }: { ticket: Ticket }) {
  const [open, setOpen] = useState(false);
  const { data: mails, error } = useQuery({
    queryKey: mailsKey(ticket.number),
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
            <Mail key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
      <p>
        <Link to="/mail/{-$tab}" search={{ ticket: Number(ticket.number) }}>
          {staffText.mail.ofTicket}
        </Link>
      </p>
    </details>
  );
}

function Mail({ mail }: { mail: MailDelivery }) {
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
        {(mail.attempts > 1 || isPutOff(mail)) && ` · ${say.attempts(mail.attempts)}`}
        {nextAttemptTime && isPutOff(mail) && (
          <>
            {' '}
            · {say.next} <Time at={nextAttemptTime} look="clock" />
          </>
        )}
      </p>
      {mail.answer && <p className="answer">{sayAnswer(mail.answer)}</p>}
      {(isLost(mail) || isPutOff(mail)) && <SendAgain mail={mail} />}
    </li>
  );
}

/** To an address that is blocked nothing is sent until the block is lifted: both are one step. */
function SendAgain({ mail }: { mail: MailDelivery }) {
  const resend = useResend(mail);
  const { suppression } = mail;
  const email = mail.recipient?.email ?? '';
  const [name, label] = suppression
    ? [say.unblock, say.unblockFor(email)]
    : isLost(mail)
      ? [say.resend, say.resendTo(email)]
      : [say.tryNow, say.tryNowTo(email)];
  return (
    <>
      {suppression?.endTime && <p className="muted">{say.blocked(formatAt(suppression.endTime))}</p>}
      {resend.error && (
        <p className="error" role="alert">
          {sentenceOf(resend.error)}
        </p>
      )}
      <Fleeting look="quiet" busy={resend.isPending} aria-label={label} onClick={() => resend.mutate()}>
        {name}
      </Fleeting>
    </>
  );
}
