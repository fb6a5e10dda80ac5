/** What the server says of tickets. */
export type Kind = 'ticket' | 'removed' | 'presence' | 'resync';

/** One word of the server, as one tab hands it to the others. `id` is where the stream can be taken up again. */
interface Said {
  kind: Kind;
  data: string;
  id: string;
}

type Message = Said | { down: boolean };

export interface Hearer {
  onSaid(kind: Kind, data: string): void;
  /** Whether the connection is lost. */
  onDown(down: boolean): void;
}

/** How long after a failed connection to try again; browsers give up by themselves after some answers. */
const retryAfter = 5_000;

const kinds: Kind[] = ['ticket', 'removed', 'presence', 'resync'];

/**
 * Hears the server's stream, of which a person has one for all tabs of a browser: to a server without HTTP/2 a browser has
 * six connections. The tab that holds the lock has the stream and tells the others; when it goes, the next one takes the
 * stream up where the last word was.
 */
export function hearStream(person: string, hearer: Hearer): () => void {
  const name = `altis.live.${person}`;
  const channel = new BroadcastChannel(name);
  const end = new AbortController();
  let last = '';

  const hear = (message: Message) => {
    if ('down' in message) return hearer.onDown(message.down);
    last = message.id || last;
    hearer.onSaid(message.kind, message.data);
  };
  channel.addEventListener('message', (event: MessageEvent<Message>) => hear(event.data));

  const lead = (waited: boolean) =>
    new Promise<void>((resolve) => {
      // What was said since the one before went is lost to who has heard nothing yet.
      const stop = open(last, waited && !last, (message) => {
        channel.postMessage(message);
        hear(message);
      });
      end.signal.addEventListener('abort', () => {
        stop();
        resolve();
      });
    });

  // Pages without a secure connection have no locks: each has its own stream.
  const { locks } = navigator;
  if (!locks) lead(false);
  else {
    const waitForIt = () => locks.request(name, { signal: end.signal }, () => lead(true));
    locks
      .request(name, { ifAvailable: true }, (lock) => lock && lead(false))
      .then(() => (end.signal.aborted ? undefined : waitForIt()))
      .catch(() => undefined); // it went before its turn came
  }
  return () => {
    end.abort();
    channel.close();
  };
}

/** Opens the stream after the word that had this id. The browser itself resumes it after a broken connection. */
function open(after: string, missed: boolean, tell: (message: Message) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = after;
  let lost = missed;

  const connect = () => {
    source = new EventSource(`/v1/tickets:watch${last && `?resumeToken=${encodeURIComponent(last)}`}`);
    source.addEventListener('open', () => {
      tell({ down: false });
      if (lost) tell({ kind: 'resync', data: '', id: '' });
      lost = false;
    });
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        last = event.lastEventId || last;
        tell({ kind, data: event.data, id: event.lastEventId });
      });
    }
    source.addEventListener('error', () => {
      tell({ down: true });
      if (source?.readyState !== EventSource.CLOSED) return; // it comes back by itself
      lost ||= !last;
      timer = setTimeout(connect, retryAfter);
    });
  };
  connect();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
