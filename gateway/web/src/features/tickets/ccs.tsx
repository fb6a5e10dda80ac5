import { type FormEvent, useRef, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { notices } from '../../ui/notices.tsx';
import { deeds, useDeed } from './actions.ts';
import { checkEmail } from './email.ts';
import { statusOf } from './kinds.ts';

/** Who gets copies, to be added to and taken from while the ticket is not closed. */
export function Ccs({ ticket, fixed = false }: { ticket: Ticket; fixed?: boolean }) {
  const deed = useDeed(ticket);
  const [email, setEmail] = useState('');
  const [wrong, setWrong] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const closed = fixed || statusOf(ticket) === 'closed';
  const fault = wrong ?? (deed.error ? sentenceOf(deed.error) : undefined);

  const add = (event: FormEvent) => {
    event.preventDefault();
    const address = email.trim();
    const bad = checkEmail(address);
    setWrong(bad);
    if (bad || deed.isPending) return;
    deed.mutate(deeds.addCcs([address]), {
      onSuccess: () => {
        setEmail('');
        notices.say(ticketText.ticket.ccAdded);
      },
    });
  };
  const remove = (address: string) =>
    deed.mutate(deeds.removeCc(address), {
      onSuccess: () => {
        notices.say(ticketText.ticket.ccRemoved);
        input.current?.focus(); // the button has gone
      },
    });

  return (
    <section className="ccs" aria-label={ticketText.ticket.people}>
      <h2>{ticketText.ticket.people}</h2>
      {ticket.ccs.length === 0 ? (
        <p className="muted small">{ticketText.ticket.noCcs}</p>
      ) : (
        <ul>
          {ticket.ccs.map((cc) => (
            <li key={cc.email}>
              <span title={cc.email}>{cc.name || cc.email}</span>
              {!closed && (
                <button
                  type="button"
                  className="plain"
                  aria-label={ticketText.ticket.removeCc(cc.email)}
                  onClick={() => remove(cc.email)}
                >
                  <Icon name="close" size={16} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!closed && (
        <form onSubmit={add} noValidate>
          <div className="inline">
            <input
              ref={input}
              type="email"
              aria-label={ticketText.ticket.addCc}
              placeholder={ticketText.ticket.addCc}
              autoComplete="off"
              value={email}
              aria-invalid={fault !== undefined || undefined}
              aria-describedby="cc-note"
              onChange={(event) => {
                setWrong(undefined);
                setEmail(event.target.value);
              }}
            />
            <Button type="submit" busy={deed.isPending}>
              {ticketText.ticket.add}
            </Button>
          </div>
          <p id="cc-note" className={fault ? 'error' : 'muted small'} role={fault ? 'alert' : undefined}>
            {fault ?? ticketText.ticket.ccNote}
          </p>
        </form>
      )}
    </section>
  );
}
