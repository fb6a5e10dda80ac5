/** What the server says of tickets. */
export type Kind = 'ticket' | 'removed' | 'presence' | 'resync';

/** One word of the server, as one tab hands it to the others. `id` is where the stream can be taken up again. */
interface Said {
  kind: Kind;
  data: string;
  id: string;
}

type Message = Said | { down: boolean } | 'alive';

export interface Hearer {
  onSaid(kind: Kind, data: string): void;
  /** Whether the connection is lost. */
  onDown(down: boolean): void;
}

/** How often the tab with the stream says that it lives, and after how long of silence another one takes its place. */
const aliveEvery = 20_000;
const silence = 60_000;

/** How long after a failed connection to try again; browsers give up by themselves after some answers. */
const retryAfter = 5_000;

const kinds: Kind[] = ['ticket', 'removed', 'presence', 'resync'];

/**
 * Hears the server's stream, of which a person has one for all tabs of a browser: to a server without HTTP/2 a browser has
 * six connections. The tab that holds the lock has the stream and tells the others; when it goes, or is put to sleep, the
 * next one takes the stream up where the last word was.
 */
export function hearStream(person: string, hearer: Hearer): () => void {
  const name = `altis.live.${person}`;
  const channel = new BroadcastChannel(name);
  const end = new AbortController();
  let last = '';
  let heard = performance.now();

  const hear = (message: Message) => {
    if (message === 'alive') return;
    if ('down' in message) return hearer.onDown(message.down);
    last = message.id || last;
    hearer.onSaid(message.kind, message.data);
  };
  channel.addEventListener('message', (event: MessageEvent<Message>) => {
    heard = performance.now();
    hear(event.data);
  });

  // Pages without a secure connection have no locks: each has its own stream, and tells nobody.
  const { locks } = navigator;
  let stop: (() => void) | undefined; // while this tab has the stream
  const release = () => {
    stop?.();
    stop = undefined;
    heard = performance.now(); // who has it now is given time to be heard
  };
  const lead = () =>
    new Promise<void>((resolve) => {
      if (end.signal.aborted) return resolve(); // it went before its turn came
      const close = open(last, (message) => {
        if (locks) channel.postMessage(message);
        hear(message);
      });
      const alive = setInterval(() => channel.postMessage('alive' satisfies Message), aliveEvery);
      stop = () => {
        clearInterval(alive);
        close();
        resolve();
      };
    });

  const request = (options: LockOptions) =>
    locks.request(name, options, (lock) => (lock ? lead() : missed())).catch(release); // another one has taken it
  // What the page had read was said before it heard the others.
  const missed = () => end.signal.aborted || hearer.onSaid('resync', '');
  const wait = async () => {
    while (!end.signal.aborted) await request({ signal: end.signal });
  };
  if (locks) request({ ifAvailable: true }).then(wait);
  else lead();
  const watch = setInterval(() => {
    if (!locks || stop || document.hidden || performance.now() - heard < silence) return;
    heard = performance.now();
    request({ steal: true });
  }, aliveEvery);

  return () => {
    clearInterval(watch);
    end.abort();
    release();
    channel.close();
  };
}

/**
 * Opens the stream after the word that had this id. Without one it may have missed what changed since the page was read. The
 * browser itself resumes it after a broken connection.
 */
function open(after: string, tell: (message: Message) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = after;
  let lost = !after;

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
