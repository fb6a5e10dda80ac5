import type { QueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { NewTicket, Ticket } from '../../api/types.ts';
import { fromLocalInput, toLocalInput } from '../../lib/format.ts';
import type { Deed } from './actions.ts';
import { emptyForm, type Form } from './create-form.ts';
import { ticketQuery } from './queries.ts';
import { isStale } from './stale.ts';

/** What is asked of an incident that is to become urgent. */
export type Told = Pick<Form, 'since' | 'impact' | 'callback'>;

type Incident = NonNullable<NewTicket['incident']>;

/** What the incident has of it. */
function toldOf({ incident }: Ticket): Told {
  return {
    since: incident?.sinceTime ? toLocalInput(new Date(incident.sinceTime)) : '',
    impact: incident?.impact ?? '',
    callback: incident?.callbackNumber ?? '',
  };
}

/** The form to begin with: an incident that becomes urgent has most likely begun now. */
export function raiseForm(ticket: Ticket): Form {
  const told = toldOf(ticket);
  const since = told.since || toLocalInput(new Date());
  const { organization } = ticket;
  return { ...emptyForm, kind: 'incident', urgency: 'urgent', organization, ...told, since };
}

/** What the form says that the incident does not: the rest stays, whatever others have made of it. */
export function toldAnew(ticket: Ticket, form: Form): Incident | undefined {
  const was = toldOf(ticket);
  const incident: { [key in keyof Incident]: Incident[key] | null } = {};
  if (form.since !== was.since) incident.sinceTime = fromLocalInput(form.since) ?? null; // null takes it away
  if (form.impact !== was.impact) incident.impact = form.impact;
  if (form.callback.trim() !== was.callback) incident.callbackNumber = form.callback.trim();
  return Object.keys(incident).length > 0 ? (incident as Incident) : undefined;
}

/** Raises an incident to urgent, and has it loaded with what was said of it. */
export const raise =
  (client: QueryClient, form: Form): Deed =>
  async (seen) => {
    const raised = await sendRaise(client, seen, form);
    client.invalidateQueries({ queryKey: ticketQuery(seen.number).queryKey, exact: true });
    return raised;
  };

/** If the ticket is another than was seen, but not in what is sent, nobody has to decide anything: it is sent again. */
async function sendRaise(client: QueryClient, seen: Ticket, form: Form): Promise<Ticket> {
  const incident = toldAnew(seen, form);
  const send = async ({ number, etag }: Ticket) =>
    data(
      await api.PATCH('/v1/tickets/{ticket}', {
        params: { path: { ticket: number } },
        body: { priority: 'PRIORITY_URGENT', ...(incident && { incident }), etag },
      }),
    ) as Ticket;
  try {
    return await send(seen);
  } catch (error) {
    if (!isStale(error)) throw error;
    const now = await client.fetchQuery({ ...ticketQuery(seen.number), staleTime: 0 });
    if (!isAsSeen(seen, now)) throw error;
    return send(now);
  }
}

/** Whether what raising is decided by has stayed. */
export function isAsSeen(seen: Ticket, now: Ticket): boolean {
  const parts = (ticket: Ticket) => JSON.stringify([ticket.type, ticket.priority, toldOf(ticket)]);
  return parts(seen) === parts(now);
}
