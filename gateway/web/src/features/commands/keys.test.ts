import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Command, World } from './commands.ts';
import { listen } from './keys.ts';
import { singleKeys } from './single-keys.ts';

const ran: string[] = [];
const command = (keys: string, more: Partial<Command> = {}): Command => ({
  group: 'go',
  title: keys,
  keys,
  run: () => ran.push(keys),
  ...more,
});
const commands = [
  command('c'),
  command('g o'),
  command('g p', { also: 'g q' }),
  command('?'),
  command('x', { when: () => false }),
  command('Escape'),
];

let stop: () => void;
const palette = vi.fn();

beforeEach(() => {
  ran.length = 0;
  palette.mockClear();
  document.body.innerHTML = '';
  stop = listen(commands, {} as World, palette);
});
afterEach(() => {
  stop();
  singleKeys.turn(true);
  vi.useRealTimers();
});

function press(key: string, init: KeyboardEventInit = {}, target: Element = document.body) {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }));
}
function put(html: string): Element {
  document.body.innerHTML = html;
  return document.body.firstElementChild as Element;
}

describe('listen', () => {
  it('runs single keys and sequences', () => {
    for (const key of ['c', 'g', 'o', 'g', 'p', 'o', 'Escape']) press(key);
    press('?', { shiftKey: true });
    expect(ran).toEqual(['c', 'g o', 'g p', 'Escape', '?']);
  });

  it('runs a command by its other keys', () => {
    for (const key of ['g', 'q']) press(key);
    expect(ran).toEqual(['g p']);
  });

  it('rests while a list of choices is open', () => {
    put('<div role="listbox"></div>');
    press('c');
    expect(ran).toEqual([]);
  });

  it('takes the other key for itself when the sequence is none', () => {
    for (const key of ['g', 'z', 'c']) press(key);
    expect(ran).toEqual(['c']);
  });

  it('forgets the beginning of a sequence after a while', () => {
    vi.useFakeTimers();
    press('g');
    vi.advanceTimersByTime(2_000);
    press('o');
    expect(ran).toEqual([]);
  });

  it('leaves alone what has another meaning', () => {
    press('c', { ctrlKey: true });
    press('c', { metaKey: true });
    press('c', { altKey: true });
    press('C', { shiftKey: true });
    press('c', { isComposing: true });
    press('x');
    expect(ran).toEqual([]);
    press('C'); // Caps Lock
    expect(ran).toEqual(['c']);
  });

  it.each([
    '<input>',
    '<input type="search">',
    '<textarea></textarea>',
    '<select></select>',
    '<p contenteditable></p>',
  ])('rests while somebody types into %s', (html) => {
    press('c', {}, put(html));
    expect(ran).toEqual([]);
  });

  it('works on boxes and buttons', () => {
    press('c', {}, put('<input type="checkbox">'));
    press('c', {}, put('<button>x</button>'));
    expect(ran).toEqual(['c', 'c']);
  });

  it('rests while a dialog is open', () => {
    put('<div role="dialog"></div>');
    press('c');
    press('k', { ctrlKey: true });
    expect([ran, palette.mock.calls.length]).toEqual([[], 0]);
  });

  it('opens the palette also while somebody types, and when single keys are off', () => {
    singleKeys.turn(false);
    press('c');
    expect(ran).toEqual([]);
    press('k', { ctrlKey: true }, put('<input>'));
    press('K', { metaKey: true });
    expect(palette).toHaveBeenCalledTimes(2);
    expect(localStorage.getItem('altis.singleKeys')).toBe('off');
  });
});
