import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Ticket } from '../../api/types.ts';
import { queries } from '../../queries.ts';
import { selfQuery } from '../session/session.ts';
import { hearStream, type Kind } from './stream.ts';

interface Handlers {
  onTicket(ticket: Ticket): void;
  /** This page itself has changed something in a ticket. */
  onChangedHere?(number: string): void;
  /** Too much was missed: load anew. */
  onResync(): void;
  /** A ticket has left the lists: it was marked as spam, or deleted. */
  onRemoved?(number: string): void;
  /** Somebody of the staff came to a ticket, left it, or began to write there. */
  onPresence?(number: string): void;
}

/** How long the connection may be gone before it is said, and the page asks by itself. */
const patience = 10_000;
const askEvery = 30_000;

/** Follows the changes of tickets. While the connection is lost for long, the page loads anew now and then. */
export function useLive(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(
    () =>
      follow({
        onTicket: (ticket) => current.current.onTicket(ticket),
        onChangedHere: (number) => current.current.onChangedHere?.(number),
        onResync: () => current.current.onResync(),
        onRemoved: (number) => current.current.onRemoved?.(number),
        onPresence: (number) => current.current.onPresence?.(number),
      }),
    [],
  );
}

// One stream for all parts of a page: a browser has few connections to a server.
const followers = new Set<Handlers>();
let stop: (() => void) | undefined;

function follow(handlers: Handlers): () => void {
  followers.add(handlers);
  stop ??= start();
  return () => {
    followers.delete(handlers);
    // One page follows the other in the same moment: its part takes the stream over.
    setTimeout(() => {
      if (followers.size > 0) return;
      stop?.();
      stop = undefined;
    });
  };
}

function start(): () => void {
  const tell: Record<Kind, (data: string, follower: Handlers) => void> = {
    ticket: (data, follower) => follower.onTicket(JSON.parse(data)),
    removed: (data, follower) => follower.onRemoved?.(JSON.parse(data).number),
    presence: (data, follower) => follower.onPresence?.(JSON.parse(data).number),
    resync: (_, follower) => follower.onResync(),
  };
  const all = (kind: Kind, data = '') => {
    for (const follower of followers) tell[kind](data, follower);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    setPaused(true);
    all('resync');
    timer = setTimeout(ask, askEvery);
  };
  const up = () => {
    clearTimeout(timer);
    timer = undefined;
    setPaused(false);
  };
  const stop = hearStream(queries.getQueryData(selfQuery.queryKey)?.id ?? '', {
    onSaid: all,
    onDown(down) {
      if (!down) up();
      else timer ??= setTimeout(ask, patience);
    },
  });
  return () => {
    up();
    stop();
  };
}

/** Tells the other parts of the page at once: the server may come later, and says nothing of what was read. */
export function tellChangedHere(number: string): void {
  for (const follower of followers) follower.onChangedHere?.(number);
}

let paused = false;
const watchers = new Set<() => void>();

function setPaused(now: boolean): void {
  paused = now;
  for (const watcher of watchers) watcher();
}

/** Whether changes come late, as the connection is lost. */
export function usePaused(): boolean {
  return useSyncExternalStore(watchPaused, () => paused);
}

function watchPaused(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}
