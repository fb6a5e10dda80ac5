import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { InboundMail } from '../../api/types.ts';
import { mailText as say } from '../../lib/text.mail.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Select } from '../../ui/select.tsx';
import { Time } from '../../ui/time.tsx';
import { detailOf, inboundQuery, reasonOf, senderOf, ticketOf } from './inbound.ts';
import { type MailSearch, type Verdict, verdicts } from './search.ts';

/** Mails that came in, by what became of them; of the quarantine those that wait for a person. */
export function InboundLog({ fixed }: { fixed?: Verdict }) {
  const search = useSearch({ from: '/inside/mail/{-$tab}' });
  const filter: MailSearch = fixed ? { verdict: fixed } : search;
  return (
    <>
      {!fixed && <Filters filter={filter} />}
      <Mails filter={filter} fixed={fixed !== undefined} />
    </>
  );
}

function Filters({ filter: { verdict, ticket } }: { filter: MailSearch }) {
  const navigate = useNavigate({ from: '/mail/{-$tab}' });
  return (
    <div className="mail-filters">
      <Select<Verdict | ''>
        label={say.verdict}
        value={verdict ?? ''}
        options={[
          { value: '', label: say.any },
          ...verdicts.map((value) => ({ value, label: say.verdicts[value] ?? value })),
        ]}
        onChange={(value) => navigate({ search: { ticket, verdict: value || undefined }, replace: true })}
      />
      {ticket && (
        <p>
          {say.aboutTicket(String(ticket))}{' '}
          <Link to="/mail/{-$tab}" search={{ verdict }}>
            {say.allMails}
          </Link>
        </p>
      )}
    </div>
  );
}

function Mails({ filter, fixed }: { filter: MailSearch; fixed: boolean }) {
  const list = useInfiniteQuery(inboundQuery(filter));
  const mails = list.data?.pages.flatMap((page) => page.mails);
  const failure = list.error && <Failure title={say.failed} error={list.error} onRetry={() => list.refetch()} />;
  if (!mails) return failure || <Loading rows={5} />;
  if (mails.length === 0) {
    const [title, lead] = say.empty[fixed ? 'quarantine' : filter.verdict || filter.ticket ? 'filtered' : 'log'];
    return <Empty icon={fixed ? 'check' : 'mail'} title={title as string} lead={lead as string} />;
  }
  return (
    <>
      <p className="muted" role="status">
        {say.count(mails.length, list.hasNextPage)}
      </p>
      <ul className="rows">
        {mails.map((mail) => (
          <Row key={mail.id} mail={mail} />
        ))}
      </ul>
      {failure}
      {list.hasNextPage && (
        <div className="actions">
          <Button busy={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {say.more}
          </Button>
        </div>
      )}
    </>
  );
}

function Row({ mail }: { mail: InboundMail }) {
  const { id, verdict, subject, recipient, receiveTime } = mail;
  const ticket = ticketOf(mail);
  const detail = detailOf(mail);
  return (
    <li>
      <div className="row-head">
        <Link to="/mail/inbound/$mail" params={{ mail: id }} className="row-title">
          {subject || say.noSubject}
        </Link>
        <span className={`badge mail-${verdict}`}>{say.verdicts[verdict] ?? verdict}</span>
      </div>
      <p className="muted small">{say.fromTo(senderOf(mail), recipient)}</p>
      <p className="small">
        <Time at={receiveTime} look="clock" />
        {ticket && (
          <>
            {' · '}
            <Link to="/tickets/$number" params={{ number: ticket }}>
              {say.ticket(ticket)}
            </Link>
          </>
        )}
        {mail.reason && (
          <>
            {' · '}
            {reasonOf(mail)} {detail.ours && detail.said}
          </>
        )}
      </p>
      {!detail.ours && detail.said && <p className="answer">{detail.said}</p>}
    </li>
  );
}
