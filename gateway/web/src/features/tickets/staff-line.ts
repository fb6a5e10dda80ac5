import type { TicketEvent } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import type { Line } from './timeline.ts';

/** What only staff read in the history: the team, the priority of what is no incident, and how it left the lists. */
export function staffLine(event: TicketEvent): Line | undefined {
  const who = event.actor?.name || event.actor?.email || ticketText.event.system;
  const to = (field: string) => event.changes.find((change) => change.field === field)?.newValue;
  const { hidden } = actionsText;
  switch (event.kind) {
    case 'KIND_MARKED_SPAM':
      return { sentence: hidden.byMarked(who), icon: 'lock' };
    case 'KIND_DELETED':
      return { sentence: hidden.byDeleted(who), icon: 'lock' };
    case 'KIND_RESTORED':
      return { sentence: hidden.byRestored(who), icon: 'check' };
  }
  const team = to('team');
  if (team) return { sentence: staffText.history.team(who, team), icon: 'user' };
  const priority = to('internal_priority');
  return priority ? { sentence: ticketText.event.priority(who, priority), icon: 'alert' } : undefined;
}
