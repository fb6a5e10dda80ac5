import { QueryClient } from '@tanstack/react-query';
import type { NavigateOptions } from '@tanstack/react-router';
import { describe, expect, it, vi } from 'vitest';
import type { Self } from '../session/session.ts';
import { forgetList, leaveList } from '../tickets/left-list.ts';
import { commands, keysOfPages, type World } from './commands.ts';
import { keysOf } from './keys.ts';
import { neighbour, openNumber } from './neighbours.ts';
import { matches, subjectQuery } from './palette-words.ts';

describe('commands', () => {
  it('have keys and titles of their own', () => {
    const keys = commands.flatMap(keysOf);
    expect(new Set(keys).size).toBe(keys.length);
    const titles = [...commands, ...keysOfPages].map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    // The first key of a sequence must not be a command itself: it would never be waited for.
    for (const key of keys) expect(keys.some((other) => other.startsWith(`${key} `))).toBe(false);
  });
});

describe('commands of staff', () => {
  const world = (staff: boolean) => ({ self: { staff } }) as World;
  const offered = (staff: boolean) =>
    commands.filter((command) => command.staff && command.when?.(world(staff))).map(({ title }) => title);
  it('are not for customers, and need the control that they stand for', () => {
    document.body.innerHTML = '<div hidden><button data-command="ticket-spam">x</button></div>';
    expect(offered(false)).toEqual([]);
    expect(offered(true)).toEqual(['Queue', 'On call', 'Mail', 'Mark the ticket as spam']);
  });
  it.each([
    ['a', 'assign'],
    ['p', 'priority'],
    ['y', 'acknowledge'],
  ])('press by %s what is named %s, the first of several', (keys, name) => {
    document.body.innerHTML = `<button data-command="${name}">1</button><button data-command="${name}">2</button>`;
    const pressed: string[] = [];
    document.body.onclick = ({ target }) => void pressed.push((target as Element).textContent ?? '');
    const command = commands.find((one) => one.keys === keys);
    expect([command?.when?.(world(false)), command?.when?.(world(true))]).toEqual([false, true]);
    command?.run(world(true));
    expect(pressed).toEqual(['1']);
  });
  it('open the field for tags', async () => {
    document.body.innerHTML = '<button data-command="tags">Change</button>';
    document.body.onclick = () => {
      document.body.innerHTML = '<input data-command="new-tag">';
    };
    commands.find((one) => one.keys === 't')?.run(world(true));
    await vi.waitFor(() => expect(document.activeElement?.matches('input')).toBe(true));
    document.body.onclick = null;
  });
  it('create a ticket, and go where on-call is by either key', () => {
    const leadsTo = (keys: string) => {
      const gone: unknown[] = [];
      const command = commands.find((one) => keysOf(one).includes(keys) && (one.when?.(world(true)) ?? true));
      command?.run({ ...world(true), go: (to) => void gone.push(to) });
      return gone;
    };
    expect(leadsTo('c')).toEqual([{ to: '/tickets/new' }]);
    expect(leadsTo('g c')).toEqual([{ to: '/on-call' }]);
    expect(leadsTo('g a')).toEqual(leadsTo('g c'));
  });
});

describe('the way back from a ticket', () => {
  const back = commands.find(({ keys }) => keys === 'Escape');
  const leadsTo = (staff: boolean) => {
    const gone: unknown[] = [];
    back?.run({ self: { staff } as Self, go: (to) => void gone.push(to) } as Pick<World, 'self' | 'go'> as World);
    return gone;
  };
  it('leads to the list as it was left, else to the queue or the list of a customer', () => {
    expect(leadsTo(false)).toEqual([{ to: '/tickets', search: {} }]);
    expect(leadsTo(true)).toEqual([{ to: '/queue', search: {} }]);
    leaveList({ to: '/queue', search: { q: 'is:pending', order: 'oldest' } }, '7');
    expect(leadsTo(true)).toEqual([{ to: '/queue', search: { q: 'is:pending', order: 'oldest' } }]);
    leaveList({ to: '/tickets', search: { q: 'app:shop' } }, '8');
    expect(leadsTo(true)).toEqual([{ to: '/tickets', search: { q: 'app:shop' } }]);
    expect(leadsTo(false)).toEqual([{ to: '/tickets', search: { q: 'app:shop' } }]);
    forgetList();
    expect(leadsTo(true)).toEqual([{ to: '/queue', search: {} }]);
  });
});

describe('neighbour', () => {
  const queries = new QueryClient();
  const put = (key: string, at: number, ...pages: string[][]) =>
    queries.setQueryData(
      ['tickets', key],
      { pages: pages.map((numbers) => ({ tickets: numbers.map((number) => ({ number })) })) },
      { updatedAt: at },
    );
  put('old', 1, ['1', '2', '3']);
  put('new', 2, ['9', '2'], ['7']);
  it.each([
    ['2', 1, '7'],
    ['2', -1, '9'],
    ['9', -1, undefined],
    ['7', 1, undefined],
    ['3', -1, '2'],
    ['404', 1, undefined],
    [undefined, 1, undefined],
  ] as const)('of %s by %i is %s', (number, by, want) => {
    expect(neighbour(queries, number, by)).toBe(want);
  });
  it.each([
    ['/tickets/2', undefined, { to: '/tickets/$number', params: { number: '7' } }],
    ['/queue', '2', { q: 'is:open', ticket: '7' }],
  ] as const)('is shown where the ticket is, on %s', (path, ticket, want) => {
    const gone: NavigateOptions[] = [];
    commands
      .find(({ keys }) => keys === ']')
      ?.run({ self: {} as Self, queries, path: () => path, beside: () => ticket, go: (to) => void gone.push(to) });
    const [to] = gone;
    const search = to?.search as unknown as ((shown: object) => object) | undefined;
    expect(search ? search({ q: 'is:open', ticket: '2' }) : to).toEqual(want);
  });
  it('is of pages of tickets only', () => {
    expect([openNumber('/tickets/12'), openNumber('/tickets/new'), openNumber('/tickets')]).toEqual([
      '12',
      undefined,
      undefined,
    ]);
  });
});

describe('words of the palette', () => {
  it.each([
    ['Neues Ticket', 'tick neu', true],
    ['Käse für Größe', 'kase gro', true],
    ['New ticket', 'x', false],
    ['New ticket', '', true],
  ])('%s by %j: %s', (title, typed, want) => {
    expect(matches(title, typed)).toBe(want);
  });
  it.each([
    ['payment error', 'in:subject "payment" "error"'],
    ['is:open -x "', 'in:subject "is" "open" "x"'],
    ['  ', ''],
    ['<script>', 'in:subject "script"'],
  ])('%j asks for %j', (typed, want) => {
    expect(subjectQuery(typed)).toBe(want);
  });
});
