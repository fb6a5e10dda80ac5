import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** Everything that the dashboard says in English. Another language has the same shape. */
export const en = {
  product: 'Altis',
  common: {
    loading: 'Loading…',
    retry: 'Try again',
    cancel: 'Cancel',
    close: 'Close',
    skip: 'Skip to the content',
    optional: 'optional',
    you: 'you',
    requestId: (id: string) => `Request ${id}`,
    remove: (what: string) => `Remove ${what}`,
    added: (what: string) => `Added: ${what}`,
    removed: (what: string) => `Removed: ${what}`,
    write: 'Write',
    preview: 'Preview',
    nothing: 'Nothing to preview yet.',
    nothingFound: 'Nothing found',
    restored: 'We kept your draft.',
    notKept: 'This browser stores nothing for this page, so drafts are not kept. Send before you leave.',
    emailInvalid: 'This is not an e-mail address.',
  },
  time: {
    now: 'just now',
    at: (time: string) => `at ${time}`,
    onAt: (day: string, time: string) => `on ${day} at ${time}`,
  },
  nav: {
    label: 'Main',
    menu: 'Menu',
    applications: 'Applications',
    support: 'Support',
    account: 'Account',
    logout: 'Log out',
    theme: 'Appearance',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    staff: 'Support staff',
    settings: 'Settings',
    commands: 'Commands',
  },
  login: {
    title: 'Log in',
    lead: 'Create, view and reply to support tickets.',
    email: 'E-mail address',
    password: 'Password',
    submit: 'Log in',
    wrong: 'The e-mail address or the password is wrong.',
    demo: 'This is a demo. Log in as',
    /** What the demo calls in English. */
    roles: { customer: 'customer', agent: 'agent', 'on-call engineer': 'on-call engineer' },
    tryThis: 'What to try',
    tries: [
      'As the customer, open Support and create an urgent incident.',
      'See the page and the mails leave at /dev/outbox, and acknowledge it there.',
      'Watch the ticket: it says who acknowledged, and when.',
      'As the agent, answer and solve it.',
      'As the customer again, find it under Previous.',
    ],
    again: 'Your session has ended',
    againLead: 'Log in again to go on. Nothing that you typed is lost.',
    other: 'Log in as somebody else',
  },
  emergency: {
    title: 'Emergency address',
    warning:
      'Only for serious downtime or malfunctions, when you cannot use this dashboard: a mail to it alerts the on-call engineers at once.',
    otherwise: 'Otherwise create a ticket here, so that the right people see it.',
  },
  errors: {
    offline: 'You are offline, or the server cannot be reached.',
    unavailable: 'Something on our side is not answering. Please try again in a moment.',
    internal: 'Something went wrong on our side.',
    tooMany: (seconds: number) =>
      `Too many requests. Please wait ${plural(seconds, { one: '# second', other: '# seconds' })}.`,
    notFound: 'Page not found',
    notFoundLead: 'There is no such page, or you may not see it.',
    broken: 'This page failed',
    brokenLead: 'An unexpected error stopped this page. What you typed is kept.',
    newVersion: 'A new version of the dashboard is out.',
    reload: 'Reload',
    home: 'Back to the dashboard',
    online: 'You are offline. What you type is kept on this device.',
    onlineNotKept: 'You are offline. Keep this page open: what you type is not kept.',
    away: 'The dashboard cannot be reached',
    awayLead: 'You are offline, or the server does not answer. Tickets and drafts are safe.',
    down: 'The dashboard is not available',
    downLead: 'Something on our side is not answering, and we are on it. Tickets and drafts are safe.',
  },
};

export type Text = typeof en;
