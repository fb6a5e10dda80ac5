const key = 'altis.singleKeys';
const listeners = new Set<() => void>();
let on = read();

/** Whether keys without Ctrl are commands. Speech input types them, so they can be turned off. */
export const singleKeys = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  on: () => on,
  turn(to: boolean): void {
    on = to;
    try {
      localStorage.setItem(key, to ? 'on' : 'off');
    } catch {
      // Storage is blocked: the choice lasts until the page is left.
    }
    for (const listener of listeners) listener();
  },
};

function read(): boolean {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}
