import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '../../api/client.ts';
import { isNotFound } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { suppressionsKey } from '../mail/suppressions.ts';
import { useSelf } from '../session/session.ts';
import { hiddenOf } from './hidden.ts';
import { mergedInto } from './merged-into.ts';
import { ticketQuery } from './queries.ts';
import { type Recipient, recipientsOf } from './recipients.ts';

const say = staffText.composer;

/** How many recipients are shown before one has to ask for the others. */
const fewRecipients = 5;

/** Whom a reply to a ticket is mailed to: of a duplicate it goes to the people of the ticket where that goes on. */
export function Recipients({ ticket }: { ticket: Ticket }) {
  const self = useSelf();
  const number = mergedInto(ticket);
  const { data: other, error } = useQuery({ ...ticketQuery(number), enabled: number !== '' });
  // One that is gone takes no replies: the duplicate is answered as any that is closed.
  const goesOn = number !== '' && !isNotFound(error) && !(other && hiddenOf(other));
  if (goesOn && !other) return <p className="muted small">{error ? say.toOther(number) : text.common.loading}</p>;
  return <People recipients={recipientsOf((goesOn && other) || ticket, self)} />;
}

function People({ recipients }: { recipients: Recipient[] }) {
  const [all, setAll] = useState(false);
  const blocked = useBlocked(recipients.map(({ email }) => email));
  if (recipients.length === 0) return <p className="muted small">{say.nobody}</p>;
  const shown = all ? recipients : recipients.slice(0, fewRecipients);
  return (
    <div className="recipients">
      <span className="muted">{say.to}</span>
      <ul aria-label={say.to}>
        {shown.map(({ name, email, requester }) => (
          <li key={email}>
            {name ? `${name} <${email}>` : email}{' '}
            <span className="muted">({requester ? ticketText.ticket.requester : say.cc})</span>
            {blocked(email) && (
              <>
                {' '}
                <span className="badge mail-suppressed">{say.blocked}</span>
              </>
            )}
          </li>
        ))}
      </ul>
      {shown.length < recipients.length && (
        <button type="button" className="link" onClick={() => setAll(true)}>
          {say.others(recipients.length - shown.length)}
        </button>
      )}
    </div>
  );
}

/** Which addresses get no mail for now, as earlier ones came back. */
function useBlocked(emails: string[]): (email: string) => boolean {
  const addresses = emails.map(key).slice(0, 100); // as many as can be asked for at once
  const { data: held } = useQuery({
    queryKey: [...suppressionsKey, 'of', addresses],
    enabled: addresses.length > 0,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const query = { addresses, pageSize: 100 };
      const { suppressions = [] } = data(await api.GET('/v1/suppressions', { params: { query }, signal }));
      return suppressions.map(({ address = '' }) => address);
    },
  });
  return (email) => held?.includes(key(email)) ?? false;
}

const key = (email: string) => email.trim().toLowerCase();
