import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { text } from '../../lib/text.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { PageAgain } from '../oncall/page-again.tsx';
import { PageHistory } from '../oncall/page-history.tsx';
import { canEscalate, pageQuery, useOpenPage, usePageDeed } from '../oncall/pages.ts';
import { isActive, pagingOf } from './kinds.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = staffText.pages;

/** The newest page of a ticket: who was called and why, the next step before its time. */
export function StaffPaging({ ticket }: { ticket: Ticket }) {
  const [open, setOpen] = useState(false);
  const id = ticket.page.page;
  if (!id) return null;
  return (
    <details className="more paging" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.who}</summary>
      {open && <Paging id={id} ticket={ticket.number} />}
    </details>
  );
}

function Paging({ id, ticket }: { id: string; ticket: string }) {
  const { data: page, error } = useQuery(pageQuery(id));
  const deed = usePageDeed({ id, ticket });
  if (!page) return <p className="muted">{error ? sentenceOf(error) : text.common.loading}</p>;
  return (
    <>
      <div className="actions">
        {canEscalate(page) && (
          <Fleeting busy={deed.isPending} onClick={() => deed.mutate('escalate')}>
            {say.escalate}
          </Fleeting>
        )}
        <PageAgain page={page} />
        <Link to="/on-call/pages/$page" params={{ page: id }}>
          {say.open}
        </Link>
      </div>
      {deed.error && (
        <p className="error" role="alert">
          {sentenceOf(deed.error)}
        </p>
      )}
      <PageHistory page={page} />
    </>
  );
}

/** Calls the engineers for a ticket that has not called them by itself. */
export function PageByHand({ ticket }: { ticket: Ticket }) {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const open = useOpenPage(ticket.number);
  const paging = pagingOf(ticket);
  if (!isActive(ticket) || (paging && paging !== 'resolved')) return null;
  const send = (then: { onSuccess: () => void }) => {
    setMissing(!reason.trim());
    if (reason.trim()) open.mutate(reason.trim(), then);
  };
  return (
    <>
      <Fleeting icon="bell" onClick={() => setAsking(true)}>
        {say.byHand}
      </Fleeting>
      {asking && (
        <Suspense>
          <Confirm
            title={say.byHandTitle}
            confirm={say.byHandConfirm}
            danger
            deed={open}
            onConfirm={send}
            onClose={() => setAsking(false)}
          >
            <p>{say.byHandLead}</p>
            <TextField
              label={say.reason}
              hint={say.reasonHint}
              value={reason}
              onChange={(value) => {
                setReason(value);
                setMissing(false);
              }}
              rows={2}
              maxLength={500}
              error={missing ? say.reasonMissing : undefined}
            />
          </Confirm>
        </Suspense>
      )}
    </>
  );
}
