import type { PageState, Priority, Ticket, TicketStatus, TicketType } from '../../api/types.ts';
import type { IconName } from '../../ui/icon.tsx';

/** The four types, by the names that people and addresses use. */
export type Kind = 'incident' | 'problem' | 'task' | 'question';

export const kinds: Kind[] = ['incident', 'problem', 'task', 'question'];

export function isKind(value: unknown): value is Kind {
  return kinds.includes(value as Kind);
}

export const typeOf: Record<Kind, TicketType> = {
  incident: 'TICKET_TYPE_INCIDENT',
  problem: 'TICKET_TYPE_PROBLEM',
  task: 'TICKET_TYPE_TASK',
  question: 'TICKET_TYPE_QUESTION',
};

export function kindOf(type: TicketType): Kind {
  return kinds.find((kind) => typeOf[kind] === type) ?? 'question';
}

export const kindIcons: Record<Kind, IconName> = {
  incident: 'alert',
  problem: 'bug',
  task: 'server',
  question: 'question',
};

export type Urgency = 'low' | 'normal' | 'high' | 'urgent';

export const urgencies: Urgency[] = ['low', 'normal', 'high', 'urgent'];

export const priorityOf: Record<Urgency, Priority> = {
  low: 'PRIORITY_LOW',
  normal: 'PRIORITY_NORMAL',
  high: 'PRIORITY_HIGH',
  urgent: 'PRIORITY_URGENT',
};

/** The priority of an incident; undefined for other types, which have none that customers see. */
export function urgencyOf(ticket: Ticket): Urgency | undefined {
  if (ticket.type !== 'TICKET_TYPE_INCIDENT') return undefined;
  return urgencies.find((urgency) => priorityOf[urgency] === ticket.priority);
}

export type Status = 'new' | 'open' | 'pending' | 'onHold' | 'solved' | 'closed';

const statuses: Record<TicketStatus, Status> = {
  TICKET_STATUS_UNSPECIFIED: 'new',
  TICKET_STATUS_NEW: 'new',
  TICKET_STATUS_OPEN: 'open',
  TICKET_STATUS_PENDING: 'pending',
  TICKET_STATUS_ON_HOLD: 'onHold',
  TICKET_STATUS_SOLVED: 'solved',
  TICKET_STATUS_CLOSED: 'closed',
};

export function statusOf(ticket: Ticket): Status {
  return statuses[ticket.status];
}

/** Whether work on it goes on. */
export function isActive(ticket: Ticket): boolean {
  return !['solved', 'closed'].includes(statusOf(ticket));
}

export type Paging = 'paging' | 'delivered' | 'acknowledged' | 'exhausted' | 'resolved';

const pagings: Partial<Record<PageState, Paging>> = {
  PAGE_STATE_PAGING: 'paging',
  PAGE_STATE_DELIVERED: 'delivered',
  PAGE_STATE_ACKNOWLEDGED: 'acknowledged',
  PAGE_STATE_EXHAUSTED: 'exhausted',
  PAGE_STATE_RESOLVED: 'resolved',
};

/** How far the paging of the engineers has come; undefined when nobody was paged. */
export function pagingOf(ticket: Ticket): Paging | undefined {
  return pagings[ticket.page.state];
}
