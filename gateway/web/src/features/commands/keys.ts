import type { Command, World } from './commands.ts';
import { singleKeys } from './single-keys.ts';

/** How long the second key of a sequence may take. */
const patience = 1_500;

const fields = 'textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])';

/** Runs commands by their keys until the returned function is called. `palette` opens by Ctrl or Cmd and K. */
export function listen(commands: Command[], world: World, palette: () => void): () => void {
  let first = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      event.preventDefault();
      palette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !singleKeys.on() || busy(event.target)) return;
    // Caps Lock does not change what a key means.
    const key = event.shiftKey || event.key.length > 1 ? event.key : event.key.toLowerCase();
    const keys = first ? `${first} ${key}` : key;
    clearTimeout(timer);
    first = '';
    const command = commands.find((one) => keysOf(one).includes(keys) && (one.when?.(world) ?? true));
    if (command) {
      event.preventDefault();
      command.run(world);
    } else if (commands.some((one) => keysOf(one).some((those) => those.startsWith(`${keys} `)))) {
      first = keys;
      timer = setTimeout(() => {
        first = '';
      }, patience);
    }
  };
  document.addEventListener('keydown', onKeyDown);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('keydown', onKeyDown);
  };
}

/** All keys of a command. */
export function keysOf({ keys, also }: Pick<Command, 'keys' | 'also'>): string[] {
  return [keys, also].filter((those) => those !== undefined);
}

/** While somebody types, or something lies over the page, keys have their usual meaning. */
export function busy(target: EventTarget | null): boolean {
  return (
    (target instanceof Element && target.closest(fields) !== null) ||
    document.querySelector('[role="dialog"], [role="alertdialog"], [role="listbox"], :popover-open') !== null
  );
}
