import { useEffect, useRef } from 'react';
import type { Ticket } from '../../api/types.ts';

interface Handlers {
  onTicket(ticket: Ticket): void;
  /** Too much was missed: load anew. */
  onResync(): void;
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
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false; // whether changes may have been missed since the last connection

    const open = () => {
      source = new EventSource('/v1/tickets:watch');
      source.addEventListener('open', () => {
        if (missed) current.current.onResync();
        missed = false;
      });
      source.addEventListener('ticket', (event) => current.current.onTicket(JSON.parse(event.data) as Ticket));
      source.addEventListener('resync', () => current.current.onResync());
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
  }, []);
}
