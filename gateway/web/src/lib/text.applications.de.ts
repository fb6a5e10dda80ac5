import { pluralIn } from './plural.ts';
import type { ApplicationsText } from './text.applications.en.ts';

const plural = pluralIn('de');

export const applicationsDe: ApplicationsText = {
  title: 'Anwendungen',
  lead: 'Ihre Altis-Anwendungen, deren Umgebungen und offene Tickets.',
  staffLead: 'Die Anwendungen aller Kunden, deren Umgebungen und offene Tickets.',
  open: (n, more) =>
    plural(n, more ? { other: 'mehr als # offene Tickets' } : { one: '# offenes Ticket', other: '# offene Tickets' }),
  none: 'Keine offenen Tickets',
  create: 'Neues Ticket',
  createAbout: (name) => `Neues Ticket zu ${name}`,
  empty: 'Keine Anwendungen',
  emptyLead: 'Ihre Organisation hat noch keine Anwendungen, oder keine, die Sie sehen dürfen.',
  failed: 'Die Anwendungen konnten nicht geladen werden',
};
