import { useSyncExternalStore } from 'react';

const every = 30_000;

let ticks = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    ticks++;
    for (const one of listeners) one();
  }, every);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Draws again as the clock goes on: one timer for all of a page. */
export function useTick(): number {
  return useSyncExternalStore(subscribe, () => ticks);
}
