import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { formatAt } from '../../lib/format.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Banner } from '../../ui/banner.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { type Paging, pagingOf } from './kinds.ts';

const tones: Record<Paging, 'warning' | 'danger' | 'success' | 'info'> = {
  paging: 'danger',
  delivered: 'warning',
  acknowledged: 'success',
  exhausted: 'danger',
  resolved: 'info',
};

/** How far the steps of paging have come. */
const steps: Record<Paging, number> = { paging: 1, delivered: 2, acknowledged: 3, exhausted: 2, resolved: 3 };

/** What has become of the call for the on-call engineers. It is read out when it changes. */
export function PageState({ ticket, staff }: { ticket: Ticket; staff: boolean }) {
  const paging = pagingOf(ticket);
  if (!paging) return null;
  // Once it is over, what stays of interest is who was there.
  const state = paging === 'resolved' && ticket.page.acknowledgeTime ? 'acknowledged' : paging;
  const over = paging === 'resolved';
  return (
    <div className="page-state" role="status">
      <Banner
        tone={over ? 'info' : tones[paging]}
        icon={state === 'acknowledged' ? 'check' : 'bell'}
        title={titleOf(ticket, state)}
      >
        {!over && <p>{leadOf(state)}</p>}
        {!over && paging !== 'exhausted' && <Steps done={steps[paging]} />}
        {staff && !over && paging !== 'acknowledged' && <Acknowledge ticket={ticket} />}
      </Banner>
    </div>
  );
}

function titleOf(ticket: Ticket, paging: Paging): string {
  const say = ticketText.ticket.page;
  if (paging !== 'acknowledged') return say[paging];
  const { acknowledgedBy, acknowledgeTime } = ticket.page;
  return say.acknowledged(acknowledgedBy?.name || say.engineer, acknowledgeTime ? formatAt(acknowledgeTime) : '');
}

function leadOf(paging: Paging): string {
  const say = ticketText.ticket.page;
  return { ...say, resolvedLead: '' }[`${paging}Lead`];
}

function Steps({ done }: { done: number }) {
  return (
    <ol className="steps">
      {ticketText.ticket.page.steps.map((step, index) => (
        <li key={step} data-done={index < done || undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}

function Acknowledge({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () =>
      api.POST('/v1/pages/{page}:acknowledge', { params: { path: { page: ticket.page.page } }, body: {} }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ticket', ticket.number] }),
  });
  if (!ticket.page.page) return null;
  return (
    <>
      <Fleeting
        look="primary"
        data-command="acknowledge"
        busy={acknowledge.isPending}
        onClick={() => acknowledge.mutate()}
      >
        {ticketText.ticket.page.acknowledge}
      </Fleeting>
      {acknowledge.error && <p role="alert">{sentenceOf(acknowledge.error)}</p>}
    </>
  );
}
