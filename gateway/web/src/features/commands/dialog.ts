/** Which dialog of the commands is open: the palette, or the list of keys. */
export type CommandDialog = 'palette' | 'keys';

let shown: CommandDialog | undefined;
const listeners = new Set<() => void>();

export const commandDialog = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: () => shown,
  show(dialog: CommandDialog | undefined): void {
    shown = dialog;
    for (const listener of listeners) listener();
  },
};
