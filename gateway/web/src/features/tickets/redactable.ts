import type { Ticket, TicketEvent } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { redacted } from './redact.ts';

const say = ticketText.ticket;

/** The fields of a ticket in which people write, by the names that the history has for them. */
const fields: Record<string, { label: string; value: (ticket: Ticket) => string | undefined }> = {
  subject: { label: say.subject, value: ({ subject }) => subject },
  'incident.impact': { label: say.impact, value: ({ incident }) => incident?.impact },
  'incident.callback_number': { label: say.callback, value: ({ incident }) => incident?.callbackNumber },
  'problem.expected': { label: say.expected, value: ({ problem }) => problem?.expected },
  'problem.actual': { label: say.actual, value: ({ problem }) => problem?.actual },
  'problem.steps': { label: say.steps, value: ({ problem }) => problem?.steps },
  'problem.reduced_test_case': { label: say.reduced, value: ({ problem }) => problem?.reducedTestCase },
  'problem.environments': { label: say.environments, value: ({ problem }) => problem?.environments },
  'problem.traces': { label: say.traces, value: ({ problem }) => problem?.traces },
  'task.requirements': { label: say.requirements, value: ({ task }) => task?.requirements },
};

/** What a field is called that was redacted. */
export const fieldLabel = (field: string): string => fields[field]?.label ?? field;

/** A field of which something can be redacted: what it says, and what the history says that it said. */
export interface Redactable {
  field: string;
  label: string;
  said: string;
}

/** What there is to redact in a ticket, beside its messages; of another type too, which it had before. */
export function redactable(ticket: Ticket, events: TicketEvent[]): Redactable[] {
  return Object.entries(fields).flatMap(([field, { label, value }]) => {
    const former = events
      .flatMap(({ changes }) => changes)
      .filter((change) => change.field === field)
      .flatMap(({ oldValue, newValue }) => [newValue, oldValue]);
    const all = [value(ticket), ...former].filter((text) => text && text !== redacted);
    return all.length > 0 ? [{ field, label, said: [...new Set(all)].join('\n\n') }] : [];
  });
}
