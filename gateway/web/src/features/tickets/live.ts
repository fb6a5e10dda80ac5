import { useEffect, useRef } from 'react';
import type { Ticket } from '../../api/types.ts';

interface Handlers {
  onTicket(ticket: Ticket): void;
  /** Too much was missed: load anew. */
  onResync(): void;
  /** A ticket has left the lists: it was marked as spam, or deleted. */
  onRemoved?(number: string): void;
  /** Somebody of the staff came to a ticket, left it, or began to write there. */
  onPresence?(number: string): void;
}

/** How long after a failed connection to try again; browsers give up by themselves after some answers. */
const retryAfter = 5_000;

/**
 * Follows the changes of tickets while the page is in the foreground or was a moment ago. The browser resumes after a
 * broken connection by itself, from the last event that it saw.
 */
export function useLive(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(
    () =>
      follow({
        onTicket: (ticket) => current.current.onTicket(ticket),
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
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let missed = false; // whether changes may have been missed since the last connection
  const resync = () => {
    for (const follower of followers) follower.onResync();
  };

  const open = () => {
    source = new EventSource('/v1/tickets:watch');
    source.addEventListener('open', () => {
      if (missed) resync();
      missed = false;
    });
    source.addEventListener('ticket', (event) => {
      const ticket = JSON.parse(event.data) as Ticket;
      for (const follower of followers) follower.onTicket(ticket);
    });
    source.addEventListener('removed', (event) => {
      for (const follower of followers) follower.onRemoved?.(numberOf(event));
    });
    source.addEventListener('presence', (event) => {
      for (const follower of followers) follower.onPresence?.(numberOf(event));
    });
    source.addEventListener('resync', resync);
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return; // it comes back by itself
      missed = true;
      timer = setTimeout(open, retryAfter);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}

function numberOf(event: MessageEvent): string {
  return (JSON.parse(event.data) as Pick<Ticket, 'number'>).number;
}
