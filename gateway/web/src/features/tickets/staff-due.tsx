import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, data } from '../../api/client.ts';
import { sentenceOf } from '../../api/problem.ts';
import type { SlaExplanation, Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { useTick } from '../../lib/tick.ts';
import { Time } from '../../ui/time.tsx';
import { Fact } from './details.tsx';
import { comeNearer, type Due, duesOf, type Nearness, nearnessOf } from './due.ts';
import { sayStep } from './sla-steps.ts';

const say = staffText.due;

/** When support owes an answer and a solution, and why then. */
export function StaffDue({ ticket }: { ticket: Ticket }) {
  useTick();
  const dues = duesOf(ticket);
  const said = useWarning(dues);
  return (
    <>
      <p className="hidden" role="status">
        {said}
      </p>
      {dues.length > 0 && (
        <section className="dues" aria-label={say.title}>
          <dl>
            {dues.map((due) => (
              <Fact key={due.what} name={say[due.what]}>
                <DueTime due={due} />
              </Fact>
            ))}
          </dl>
          <Why ticket={ticket} />
        </section>
      )}
    </>
  );
}

/** What to say to those who do not see the clock: what comes near, or is missed, while the ticket is open. */
function useWarning(dues: Due[]): string {
  const [said, setSaid] = useState('');
  const before = useRef(new Map<Due['what'], Nearness | undefined>());
  useEffect(() => {
    const news = comeNearer(before.current, dues);
    for (const due of dues) before.current.set(due.what, nearnessOf(due));
    if (news.length > 0)
      setSaid(news.map(({ what, nearness }) => (nearness === 'missed' ? say.missed : say.near)(say[what])).join(' '));
  });
  return said;
}

/** One instant with what became of it, in words and not in colour alone. */
export function DueTime({ due }: { due: Due }) {
  if (due.doneAt) {
    return (
      <>
        <Time at={due.doneAt} look="clock" />
        <span className={`badge ${due.late ? 'late' : 'kept'}`}>{due.late ? say.doneLate : say.kept}</span>
      </>
    );
  }
  return (
    <>
      <Time at={due.at} look="clock" />
      <span className={`badge ${due.late ? 'late' : due.soon ? 'soon' : ''}`}>
        {due.late ? `${say.overdue} ` : ''}
        <Time at={due.at} />
      </span>
    </>
  );
}

function Why({ ticket }: { ticket: Ticket }) {
  const [open, setOpen] = useState(false);
  const { data: sla, error } = useQuery({
    queryKey: ['ticket', ticket.number, 'sla', ticket.sequence],
    enabled: open,
    queryFn: async ({ signal }) => {
      const params = { path: { ticket: ticket.number } };
      return data(await api.GET('/v1/tickets/{ticket}:explainSla', { params, signal })) as SlaExplanation;
    },
  });
  return (
    <details className="more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{say.why}</summary>
      {sla ? (
        <>
          <p>{say.policy(sla.slaPolicy)}</p>
          <ol>
            {sla.reasoning.map((step) => (
              <li key={step.text}>{sayStep(step)}</li>
            ))}
          </ol>
        </>
      ) : (
        <p className="muted">{error ? sentenceOf(error) : text.common.loading}</p>
      )}
      {ticket.priorityReason && (
        <p>
          {ticketText.ticket.priority}: {say.priorityReason(ticket.priorityReason)}
        </p>
      )}
    </details>
  );
}
