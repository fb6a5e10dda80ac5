import type { FieldChange, Message, TicketEvent } from '../../api/types.ts';
import { formatClock } from '../../lib/format.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import type { IconName } from '../../ui/icon.tsx';
import { isKind } from './kinds.ts';
import { mergedLine } from './merged-line.ts';
import type { Conversation } from './queries.ts';
import { fieldLabel } from './redactable.ts';

/** One entry of what happened to a ticket, oldest first. */
export type Entry =
  | {
      what: 'message';
      id: string;
      at: string;
      graced: boolean;
      message: Message;
      status?: string;
      redactions: Redaction[];
    }
  | {
      what: 'event';
      id: string;
      at: string;
      graced: boolean; // who did it had a login that had expired, while logins could not be checked
      sentence: string;
      icon: IconName;
      tone?: 'page' | 'good' | 'bad';
      /** The number of another ticket that the sentence names. */
      other?: string;
    };

/** That text of a message was taken out. Customers are not told why. */
export interface Redaction {
  id: string;
  at: string;
  who: string;
  reason: string;
}

/**
 * Joins messages and history. A message stands for the event that added it. `more` has lines for events that are none for
 * everybody.
 */
export function timeline({ messages, events }: Conversation, more?: (event: TicketEvent) => Line | undefined): Entry[] {
  const entries: (Entry & { sequence: number })[] = messages.map((message) => {
    const [event, ...later] = events.filter((e) => e.message === message.id);
    const status = event?.kind === 'KIND_REPLIED' ? changed(event, 'status') : undefined;
    return {
      what: 'message',
      id: message.id,
      at: message.createTime,
      graced: event?.graced ?? false,
      sequence: Number(message.sequence),
      message,
      ...(status && { status: status.newValue }),
      redactions: later.filter((e) => e.kind === 'KIND_MESSAGE_REDACTED').map(redactionOf),
    };
  });
  for (const event of events) {
    const line = event.message ? undefined : (lineOf(event) ?? more?.(event));
    if (!line) continue;
    const { id, createTime: at, graced } = event;
    entries.push({ what: 'event', id, at, graced, sequence: Number(event.sequence), ...line });
  }
  return entries.sort((a, b) => a.sequence - b.sequence);
}

function redactionOf(event: TicketEvent): Redaction {
  const reason = changed(event, 'redaction_reason')?.newValue ?? '';
  return { id: event.id, at: event.createTime, who: nameOf(event), reason };
}

/** Who did it. */
export function nameOf({ actor }: TicketEvent): string {
  return actor?.name || actor?.email || ticketText.event.system;
}

function changed(event: TicketEvent, field: string): FieldChange | undefined {
  return event.changes.find((change) => change.field === field);
}

export type Line = Pick<Extract<Entry, { what: 'event' }>, 'sentence' | 'icon' | 'tone' | 'other'>;

function lineOf(event: TicketEvent): Line | undefined {
  const who = nameOf(event);
  const say = ticketText.event;
  switch (event.kind) {
    case 'KIND_STATUS_CHANGED': {
      const status = changed(event, 'status')?.newValue ?? '';
      return {
        sentence: say.status(who, status),
        icon: 'check',
        ...(status === 'solved' && { tone: 'good' as const }),
      };
    }
    case 'KIND_PRIORITY_CHANGED': {
      const priority = changed(event, 'priority')?.newValue;
      return priority ? { sentence: say.priority(who, priority), icon: 'alert' } : undefined;
    }
    case 'KIND_ASSIGNEE_CHANGED': {
      const assignee = changed(event, 'assignee');
      if (!assignee) return undefined;
      return { sentence: assignee.newValue ? say.assigned(who, assignee.newValue) : say.unassigned(who), icon: 'user' };
    }
    case 'KIND_TYPE_CHANGED': {
      const type = changed(event, 'type')?.newValue;
      return isKind(type) ? { sentence: say.type(who, ticketText.ticket.types[type]), icon: 'dot' } : undefined;
    }
    case 'KIND_REQUESTER_CHANGED': {
      const requester = changed(event, 'requester')?.newValue;
      const moved = changed(event, 'organization')?.newValue; // staff see it
      const whose = moved ? `${requester} (${moved})` : requester;
      return whose ? { sentence: say.requester(who, whose), icon: 'user' } : undefined;
    }
    case 'KIND_MERGED_INTO':
    case 'KIND_MERGED_FROM':
      return mergedLine(event, who);
    case 'KIND_CCS_CHANGED':
      return { sentence: say.ccs(who, ccsOf(changed(event, 'ccs'))), icon: 'mail' };
    case 'KIND_FIELDS_CHANGED':
      return event.changes.length > 0 ? { sentence: say.fields(who, fieldsOf(event.changes)), icon: 'dot' } : undefined;
    case 'KIND_FIELD_REDACTED': {
      const { reason } = redactionOf(event);
      const field = event.changes.find(({ field }) => field !== 'redaction_reason')?.field ?? '';
      const sentence = say.fieldRedacted(who, fieldLabel(field));
      return { sentence: reason ? `${sentence} · ${say.reason}: ${reason}` : sentence, icon: 'lock' };
    }
    case 'KIND_PAGE_CHANGED':
      return event.summary ? { sentence: say.page(event.summary), icon: 'bell', tone: toneOf(event) } : undefined;
    case 'KIND_TRIAGED': {
      const due = changed(event, 'first_response_due_time')?.newValue;
      return due ? { sentence: say.due(formatClock(due)), icon: 'clock' } : undefined;
    }
    default:
      return undefined;
  }
}

function toneOf(event: TicketEvent): 'page' | 'good' | 'bad' {
  const state = changed(event, 'page')?.newValue;
  if (state === 'acknowledged') return 'good';
  return state === 'exhausted' ? 'bad' : 'page';
}

/** Who came and who went, by address. */
function ccsOf(change: FieldChange | undefined): string {
  const list = (value: string | undefined) => (value ? value.split(', ') : []);
  const before = list(change?.oldValue);
  const after = list(change?.newValue);
  return [
    ...after.filter((email) => !before.includes(email)).map((email) => `+${email}`),
    ...before.filter((email) => !after.includes(email)).map((email) => `−${email}`),
  ].join(', ');
}

function fieldsOf(changes: FieldChange[]): string {
  const words = ticketText.event.words;
  const named = changes.map(({ field }) => words[field as keyof typeof words] ?? words.details);
  return [...new Set(named)].join(', ');
}
