import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { api } from '../../api/client.ts';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { InboundMail } from '../../api/types.ts';
import { formatAt } from '../../lib/format.ts';
import { mailText } from '../../lib/text.mail.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { becomes, detailOf, isDiscarded, reasonOf, releaseLead, senderOf } from './inbound.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = mailText.one;

/** What became of a mail, why, by whom, and what can be done about it. */
export function Outcome({ mail }: { mail: InboundMail }) {
  const { verdict, reason, releaser, releaseTime } = mail;
  const detail = detailOf(mail);
  const name = releaser?.name || releaser?.email || '';
  return (
    <section className="panel outcome" aria-labelledby="mail-outcome">
      <h2 id="mail-outcome">{say.happened}</h2>
      <p role="status">
        <span className={`badge mail-${verdict}`}>{mailText.verdicts[verdict] ?? verdict}</span> <Became mail={mail} />
      </p>
      {reason && (
        <p>
          {reasonOf(mail)} {detail.ours && detail.said}
        </p>
      )}
      {!detail.ours && detail.said && <p className="answer">{detail.said}</p>}
      {name && releaseTime && (
        <p className="muted">
          {isDiscarded(mail) ? say.discarded(name, formatAt(releaseTime)) : say.released(name, formatAt(releaseTime))}
        </p>
      )}
      {verdict === 'quarantined' && <Judge mail={mail} />}
    </section>
  );
}

function Became({ mail: { verdict, reason, request, ticket, replyTicket } }: { mail: InboundMail }) {
  const to = (number: string) => (
    <Link to="/tickets/$number" params={{ number }}>
      {mailText.ticket(number)}
    </Link>
  );
  switch (verdict) {
    case 'waiting':
      return say.waiting;
    case 'appended':
      return (
        <>
          {say.appended} {to(replyTicket)}.
        </>
      );
    case 'created':
      return (
        <>
          {request ? say.opened : say.created} {to(replyTicket)}.
        </>
      );
    case 'quarantined':
      return say.held;
    case 'recorded':
      return ticket === '0' ? (
        say.recordedAlone
      ) : (
        <>
          {reason === 'COPIES_STOPPED' ? say.stopped : say.recorded} {to(ticket)}.
        </>
      );
    case 'rejected':
      return say.rejected;
    case 'ignored':
      return say.ignored;
    default:
      return null;
  }
}

type Deed = 'release' | 'discard';

/** A person decides about a mail of the quarantine. */
function Judge({ mail }: { mail: InboundMail }) {
  const [asked, setAsked] = useState<Deed>();
  const released = becomes(mail);
  return (
    <>
      <p>{released || say.stuck}</p>
      <div className="actions">
        {released && (
          <Fleeting look="primary" onClick={() => setAsked('release')}>
            {say.release}
          </Fleeting>
        )}
        <Fleeting look={released ? 'secondary' : 'primary'} onClick={() => setAsked('discard')}>
          {say.discard}
        </Fleeting>
      </div>
      {asked && <Ask deed={asked} mail={mail} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function Ask({ deed, mail, onClose }: { deed: Deed; mail: InboundMail; onClose: () => void }) {
  const client = useQueryClient();
  const { title, confirm, done } = mailText[deed];
  const judge = useMutation({
    mutationFn: () => {
      const request = { params: { path: { inboundMail: mail.id } }, body: {} };
      return deed === 'release'
        ? api.POST('/v1/inboundMails/{inboundMail}:release', request)
        : api.POST('/v1/inboundMails/{inboundMail}:discard', request);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['inbound'] });
      onClose();
      notices.say(done);
    },
    onError: async (error) => {
      if (!(error instanceof ApiError && error.reason === 'MAIL_NOT_QUARANTINED')) return;
      // Somebody else has decided meanwhile: the question goes, and their decision is shown.
      await client.invalidateQueries({ queryKey: ['inbound'] });
      notices.say(sentenceOf(error));
    },
  });
  return (
    <Suspense>
      <Confirm
        title={title}
        confirm={confirm}
        danger={deed === 'discard'}
        deed={judge}
        onConfirm={() => judge.mutate()}
        onClose={onClose}
      >
        {deed === 'release' ? (
          <>
            <p>{releaseLead(mail)}</p>
            {mail.sender !== mail.holder?.email && <p>{mailText.release.other(senderOf(mail))}</p>}
          </>
        ) : (
          <p>{mailText.discard.lead}</p>
        )}
      </Confirm>
    </Suspense>
  );
}
