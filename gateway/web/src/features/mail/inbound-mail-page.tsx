import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isNotFound } from '../../api/problem.ts';
import type { InboundMail } from '../../api/types.ts';
import { attachmentsText } from '../../lib/text.attachments.ts';
import { mailText } from '../../lib/text.mail.ts';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { domainOf, holderOf, inboundMailQuery, rawOf, senderOf } from './inbound.ts';
import { Outcome } from './outcome.tsx';
import '../../styles/staff.css';
import '../../styles/mail.css';

const say = mailText.one;

/** One mail that came in: what became of it, what there is to judge it by, and what it says. */
export function InboundMailPage() {
  const { mail: id } = useParams({ from: '/inside/mail/inbound/$mail' });
  const { data: mail, error, refetch } = useQuery(inboundMailQuery(id));
  const above = (
    <Link
      to="/mail/{-$tab}"
      params={{ tab: mail?.verdict === 'quarantined' ? 'quarantine' : undefined }}
      className="back"
    >
      <Icon name="chevron" size={16} />
      {mail?.verdict === 'quarantined' ? mailText.tabs.quarantine : mailText.tabs.log}
    </Link>
  );
  if (!mail) {
    return (
      <Page title={isNotFound(error) ? say.missing : say.title} above={above}>
        {error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={4} />}
      </Page>
    );
  }
  return (
    <Page title={mail.subject || mailText.noSubject} above={above}>
      <div className="inbound-mail">
        <Outcome mail={mail} />
        <Facts mail={mail} />
        <Content mail={mail} />
      </div>
    </Page>
  );
}

function Facts({ mail }: { mail: InboundMail }) {
  const { envelopeFrom, recipient, receiveTime, remote, tls, messageId, size, copies, ticket, request, spf } = mail;
  const holder = holderOf(mail);
  return (
    <dl className="panel mail-facts">
      <Fact name={say.from}>{senderOf(mail)}</Fact>
      <Fact name={say.verified}>{say.verdictsOfDomain[domainOf(mail)]}</Fact>
      {spf && <Fact name={say.server}>{say.verdictsOfServer[spf] ?? spf}</Fact>}
      <Fact name={say.envelope}>{envelopeFrom || <span className="muted">{say.noEnvelope}</span>}</Fact>
      <Fact name={say.to}>{recipient}</Fact>
      {holder && <Fact name={request ? say.author : say.given}>{holder}</Fact>}
      {ticket !== '0' && (
        <Fact name={say.about}>
          <Link to="/tickets/$number" params={{ number: ticket }}>
            {mailText.ticket(ticket)}
          </Link>
        </Fact>
      )}
      <Fact name={say.received}>
        <Time at={receiveTime} look="clock" />
        {copies > 1 && ` (${say.times(copies)})`}
      </Fact>
      <Fact name={say.by}>
        {remote} ({tls ? say.encrypted : say.plain})
      </Fact>
      {messageId && <Fact name="Message-ID">{messageId}</Fact>}
      <Fact name={say.size}>{attachmentsText.size(Number(size))}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Content({ mail: { id, kept, text, files, headers } }: { mail: InboundMail }) {
  if (!kept) return <p className="muted">{say.gone}</p>;
  return (
    <>
      <p>
        <a className="button secondary" href={rawOf(id)} download>
          {say.download}
        </a>
      </p>
      <section aria-labelledby="mail-text">
        <h2 id="mail-text">{say.text}</h2>
        <p className="muted small">{say.textHint}</p>
        {text ? <pre className="mail-text">{text}</pre> : <p className="muted">{say.noText}</p>}
      </section>
      {files.length > 0 && (
        <section aria-labelledby="mail-files">
          <h2 id="mail-files">{say.files}</h2>
          <ul className="mail-files">
            {files.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two may have the same name, and none moves
              <li key={index}>{name}</li>
            ))}
          </ul>
        </section>
      )}
      <details className="mail-header">
        <summary>{say.header}</summary>
        <p className="muted small">{say.headerHint}</p>
        <dl>
          {headers.map(({ name, value }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: some come several times, and none moves
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
