import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What commands are called in English: apart, as it is loaded after the page. */
export const commandsEn = {
  title: 'Commands',
  placeholder: 'Type a command, words of a ticket, or its number',
  list: 'Commands and tickets',
  none: 'Nothing found',
  found: (n: number) =>
    n === 0 ? 'Nothing found' : plural(n, { one: '# entry, by arrow keys', other: '# entries, by arrow keys' }),
  groups: {
    go: 'Go to',
    create: 'Create',
    list: 'In a list',
    ticket: 'In a ticket',
    look: 'Appearance',
    tickets: 'Tickets',
    help: 'Help',
  },
  help: 'Keyboard shortcuts',
  helpOff: 'Shortcuts of a single key are turned off.',
  helpOn: 'They rest while you type.',
  helpTurnOn: 'Turn them on',
  helpTurnOff: 'Turn them off',
  sequence: 'then',
  palette: 'Commands',
  open: 'Open tickets',
  previous: 'Previous tickets',
  applications: 'Applications',
  settings: 'Settings',
  create: 'New ticket',
  search: 'Query the tickets',
  down: 'Next row',
  up: 'Previous row',
  enter: 'Open the row',
  reply: 'Reply',
  send: 'Send what you write',
  solve: 'Mark as solved',
  next: 'Next ticket of the list',
  before: 'Previous ticket of the list',
  back: 'Back to the list',
  number: (n: string) => `Open ticket #${n}`,
  queue: 'Queue',
  onCall: 'On call',
  note: 'Write an internal note',
  assignToMe: 'Assign to me',
  changeType: 'Change the type of the ticket',
  changeRequester: 'Change the requester of the ticket',
  markSpam: 'Mark the ticket as spam',
  deleteTicket: 'Delete the ticket',
  mark: 'Mark the row',
  markRange: 'Mark all rows up to this one',
  closePane: 'Close the ticket beside the list',
  themes: { system: 'Appearance as the system', light: 'Light appearance', dark: 'Dark appearance' },
};

export type CommandText = typeof commandsEn;
