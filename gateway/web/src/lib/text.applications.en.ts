import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What the page of applications says in English: apart, as it is loaded with it. */
export const applicationsEn = {
  title: 'Applications',
  lead: 'Your Altis applications, their environments and their open tickets.',
  staffLead: 'The applications of all customers, their environments and their open tickets.',
  open: (n: number, more: boolean) =>
    plural(n, more ? { other: '#+ open tickets' } : { one: '# open ticket', other: '# open tickets' }),
  none: 'No open tickets',
  create: 'New ticket',
  createAbout: (name: string) => `New ticket about ${name}`,
  empty: 'No applications',
  emptyLead: 'Your organization has no applications yet, or none that you may see.',
  failed: 'The applications could not be loaded',
};

export type ApplicationsText = typeof applicationsEn;
