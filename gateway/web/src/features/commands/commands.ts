import type { QueryClient } from '@tanstack/react-query';
import type { NavigateOptions } from '@tanstack/react-router';
import { commandText as say } from '../../lib/text.commands.ts';
import { createText } from '../../lib/text.create.ts';
import { text } from '../../lib/text.ts';
import type { Self } from '../session/session.ts';
import { chooseTheme, type Theme } from '../shell/theme.ts';
import { kinds } from '../tickets/kinds.ts';
import { listFor } from '../tickets/left-list.ts';
import { markUnread } from '../tickets/read.ts';
import { applyControl, controlOf, currentRow, focusControl, moveRow } from './controls.ts';
import { commandDialog } from './dialog.ts';
import { neighbour, openNumber } from './neighbours.ts';

/** What a command works on. */
export interface World {
  self: Self;
  go: (to: NavigateOptions) => void;
  path: () => string;
  /** The ticket that the queue shows beside its rows. */
  beside: () => string | undefined;
  queries: QueryClient;
}

export type Group = keyof typeof say.groups;

/** Something that can be done from anywhere: by its keys, and by its name in the palette. */
export interface Command {
  group: Group;
  title: string;
  /** One key, or two in sequence: "c", "g o". */
  keys?: string;
  /** Other keys that do the same. */
  also?: string;
  run: (world: World) => void;
  /** Whether it can be done here and now; always, if unset. */
  when?: (world: World) => boolean;
  /** Of no use in the palette, which takes the focus. */
  keysOnly?: boolean;
  /** Only support staff have the pages where it works. */
  staff?: boolean;
}

const page = (keys: string, title: string, to: NavigateOptions, group: Group = 'go'): Command => ({
  group,
  title,
  ...(keys && { keys }),
  run: ({ go }) => go(to),
});
/** Stands for a control of the page that carries its name. */
const control = (keys: string, title: string, name: string, group: Group): Command => ({
  group,
  title,
  ...(keys && { keys }),
  run: () => applyControl(name),
  when: () => controlOf(name) !== undefined,
});
const forCustomers = (command: Command): Command => ({ ...command, when: ({ self }) => !self.staff });
const forStaff = (command: Command): Command => ({
  ...command,
  staff: true,
  when: (world) => world.self.staff && (command.when?.(world) ?? true),
});
const theme = (name: Theme): Command => ({ group: 'look', title: say.themes[name], run: () => chooseTheme(name) });
const openTicket = ({ path, beside }: World) => openNumber(path()) ?? beside();
const inQueue = (ticket: string | undefined): NavigateOptions => ({
  to: '/queue',
  search: ((shown: object) => ({ ...shown, ticket })) as NavigateOptions['search'],
});
const onTicket = ({ path }: World) => openNumber(path()) !== undefined;
const unread: Command = {
  group: 'ticket',
  title: say.unread,
  keys: 'u',
  run: (world) => {
    const { self, go, beside, queries } = world;
    const number = openTicket(world);
    if (number) markUnread(queries, number, () => go(beside() ? inQueue(undefined) : listFor(self)));
  },
  when: (world) => openTicket(world) !== undefined,
};
/** To where tickets come from: the list as it was left. */
const back: Command = {
  group: 'ticket',
  title: say.back,
  keys: 'Escape',
  run: ({ self, go }) => go(listFor(self)),
  when: onTicket,
};
const row = (keys: string, title: string, run: () => void): Command => ({
  group: 'list',
  title,
  keys,
  run,
  when: () => document.querySelector('[data-row]') !== null,
  keysOnly: true,
});
const note: Command = {
  ...control('n', say.note, 'note', 'ticket'),
  run: () => {
    applyControl('note');
    setTimeout(() => applyControl('reply')); // the field for notes has come in place of the other
  },
};
const tags: Command = {
  ...control('t', say.tags, 'tags', 'ticket'),
  run: () => {
    applyControl('tags');
    setTimeout(() => focusControl('new-tag')); // the field has come in place of the button
  },
};
const besides = (keys: string, title: string, by: 1 | -1): Command => ({
  group: 'ticket',
  title,
  keys,
  run: (world) => {
    const number = neighbour(world.queries, openTicket(world), by);
    if (number) world.go(world.beside() ? inQueue(number) : { to: '/tickets/$number', params: { number } });
  },
  when: (world) => neighbour(world.queries, openTicket(world), by) !== undefined,
});

/** All of them, in the order in which they are listed. A new one is a line here. */
export const commands: Command[] = [
  page('g o', say.open, { to: '/tickets' }),
  page('g p', say.previous, { to: '/tickets', search: { tab: 'previous' } }),
  forStaff(page('g q', say.queue, { to: '/queue' })),
  forStaff({ ...page('g c', say.onCall, { to: '/on-call' }), also: 'g a' }),
  forStaff(page('g m', say.mail, { to: '/mail/{-$tab}', params: { tab: undefined } })),
  page('', say.applications, { to: '/applications' }),
  page('', say.settings, { to: '/settings' }),
  page('c', say.create, { to: '/tickets/new' }, 'create'),
  ...kinds.map((kind) =>
    forCustomers(page('', createText.types[kind].name, { to: '/tickets/new', search: { type: kind } }, 'create')),
  ),
  control('/', say.search, 'search', 'list'),
  row('j', say.down, () => moveRow(1)),
  row('k', say.up, () => moveRow(-1)),
  row('o', say.enter, () => currentRow()?.click()),
  control('r', say.reply, 'reply', 'ticket'),
  forStaff(note),
  forStaff(control('a', say.assign, 'assign', 'ticket')),
  forStaff(control('i', say.assignToMe, 'assign-to-me', 'ticket')),
  forStaff(control('p', say.priority, 'priority', 'ticket')),
  forStaff(tags),
  forStaff(control('y', say.acknowledge, 'acknowledge', 'ticket')),
  control('e', say.solve, 'solve', 'ticket'),
  unread,
  forStaff(control('', say.changeType, 'ticket-type', 'ticket')),
  forStaff(control('', say.changeRequester, 'ticket-requester', 'ticket')),
  forStaff(control('', say.merge, 'ticket-merge', 'ticket')),
  forStaff(control('', say.redact, 'ticket-redact', 'ticket')),
  forStaff(control('', say.markSpam, 'ticket-spam', 'ticket')),
  forStaff(control('', say.deleteTicket, 'ticket-delete', 'ticket')),
  besides(']', say.next, 1),
  besides('[', say.before, -1),
  back,
  ...(Object.keys(text.nav.themes) as Theme[]).map(theme),
  { group: 'help', title: say.help, keys: '?', run: () => commandDialog.show('keys') },
];

/** What pages listen to by themselves, to be listed with the others. */
export const keysOfPages: Pick<Command, 'group' | 'title' | 'keys' | 'also' | 'staff'>[] = [
  { group: 'help', title: say.palette, keys: 'Ctrl+K' },
  { group: 'create', title: say.submit, keys: 'Ctrl+Enter' },
  { group: 'ticket', title: say.send, keys: 'Ctrl+Enter' },
  { group: 'list', title: say.mark, keys: 'x', staff: true },
  { group: 'list', title: say.markRange, keys: 'Shift+x', staff: true },
  { group: 'list', title: say.closePane, keys: 'Escape', staff: true },
  { group: 'list', title: say.today, keys: 't', staff: true },
];
