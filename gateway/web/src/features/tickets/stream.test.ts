import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hearStream } from './stream.ts';

/** The locks of a browser, as far as one name goes. */
class Locks {
  #holder: Turn | undefined;
  readonly #waiting: Turn[] = [];

  request(_: string, options: LockOptions, callback: Turn['callback']): Promise<unknown> {
    if (options.signal?.aborted) return Promise.reject(aborted());
    if (options.ifAvailable && this.#holder) return Promise.resolve(callback(null));
    return new Promise((resolve, reject) => {
      const turn = { callback, resolve, reject };
      if (options.steal) {
        this.#holder?.reject(aborted());
        this.#grant(turn);
        return;
      }
      this.#waiting.push(turn);
      options.signal?.addEventListener('abort', () => {
        const at = this.#waiting.indexOf(turn);
        if (at < 0) return; // it has the lock, which no signal takes away
        this.#waiting.splice(at, 1);
        reject(aborted());
      });
      this.#next();
    });
  }

  #next(): void {
    if (this.#holder) return;
    const turn = this.#waiting.shift();
    if (turn) this.#grant(turn);
  }

  async #grant(turn: Turn): Promise<void> {
    this.#holder = turn;
    await Promise.resolve(); // granted later, as ever
    turn.resolve(await turn.callback({ mode: 'exclusive', name: '' }));
    if (this.#holder !== turn) return; // it was stolen
    this.#holder = undefined;
    this.#next();
  }
}

interface Turn {
  callback: (lock: Lock | null) => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

const aborted = () => new DOMException('', 'AbortError');

/** Tells all others of its name; a tab that sleeps says and hears nothing. */
class Channel extends EventTarget {
  static readonly open = new Set<Channel>();
  readonly name: string;
  asleep = false;

  constructor(name: string) {
    super();
    this.name = name;
    Channel.open.add(this);
  }

  postMessage(message: unknown): void {
    if (!Channel.open.has(this)) throw new DOMException('', 'InvalidStateError');
    if (this.asleep) return;
    for (const other of Channel.open) {
      if (other === this || other.name !== this.name) continue;
      const data = structuredClone(message);
      queueMicrotask(() => {
        if (Channel.open.has(other) && !other.asleep) other.dispatchEvent(new MessageEvent('message', { data }));
      });
    }
  }

  close(): void {
    Channel.open.delete(this);
  }
}

/** A connection to the server, which says what the test has it say. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readonly url: string;
  readyState = 0;

  constructor(url: string) {
    super();
    this.url = url;
    Source.all.push(this);
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  says(kind: string, data: string, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent(kind, { data, lastEventId }));
  }

  breaks(readyState: 0 | 2): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.readyState = 2;
  }
}

const minute = 60_000;
const pass = (time = 0) => vi.advanceTimersByTimeAsync(time);

interface Tab {
  heard: string[];
  channel: Channel | undefined;
  stop: () => void;
}

let tabs: Tab[];

async function tab(): Promise<Tab> {
  const heard: string[] = [];
  const stop = hearStream('ada', {
    onSaid: (kind, data) => heard.push(data ? `${kind} ${data}` : kind),
    onDown: (down) => heard.push(down ? 'down' : 'up'),
  });
  const made = { heard, channel: [...Channel.open].at(-1), stop };
  tabs.push(made);
  await pass();
  return made;
}

const sleep = ({ channel }: Tab) => {
  if (channel) channel.asleep = true;
};
const urls = () => Source.all.map(({ url }) => url);
const live = () => Source.all.filter(({ readyState }) => readyState !== Source.CLOSED);
function newest(): Source {
  const source = Source.all.at(-1);
  if (!source) throw new Error('no stream was opened');
  return source;
}
const path = '/v1/tickets:watch';

beforeEach(() => {
  vi.useFakeTimers();
  tabs = [];
  Source.all = [];
  vi.stubGlobal('navigator', { locks: new Locks() });
  vi.stubGlobal('BroadcastChannel', Channel);
  vi.stubGlobal('EventSource', Source);
});
afterEach(async () => {
  for (const { stop } of tabs) stop();
  await pass();
  expect(live()).toEqual([]);
  expect([...Channel.open]).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('is one for all tabs, which hear the same', async () => {
  const [first, second, third] = [await tab(), await tab(), await tab()];
  expect(urls()).toEqual([path]);
  newest().opens();
  newest().says('ticket', '{"number":"7"}', 'a');
  newest().says('presence', '{"number":"8"}', '');
  newest().says('removed', '{"number":"9"}', 'b');
  await pass();
  // What was read before the stream, or before this tab heard of it, is read again.
  const want = ['up', 'resync', 'ticket {"number":"7"}', 'presence {"number":"8"}', 'removed {"number":"9"}'];
  expect(first.heard).toEqual(want);
  for (const { heard } of [second, third]) expect(heard).toEqual(['resync', ...want]);
});

it('is taken up by the next tab where the last word was', async () => {
  const [first, second, third] = [await tab(), await tab(), await tab()];
  newest().opens();
  newest().says('ticket', '1', 'a/1');
  newest().says('presence', '2', ''); // which has no place in the stream
  await pass();
  first.stop();
  await pass();
  expect(urls()).toEqual([path, `${path}?resumeToken=a%2F1`]);
  expect(live()).toHaveLength(1);
  newest().opens();
  newest().says('ticket', '3', 'a/2');
  await pass();
  const want = ['up', 'resync', 'ticket 1', 'presence 2'];
  expect(first.heard).toEqual(want);
  for (const { heard } of [second, third]) expect(heard).toEqual(['resync', ...want, 'up', 'ticket 3']);

  second.stop();
  await pass();
  expect(newest().url).toBe(`${path}?resumeToken=a%2F2`);
});

it('has everything loaded anew where nobody knows the last word', async () => {
  const [first, second] = [await tab(), await tab()];
  newest().opens();
  await pass();
  first.stop();
  await pass();
  expect(urls()).toEqual([path, path]);
  newest().opens();
  expect(second.heard).toEqual(['resync', 'up', 'resync', 'up', 'resync']);
  newest().opens(); // again, of its own
  expect(second.heard.slice(5)).toEqual(['up']);
});

it('is taken over from a tab that has been silent for a minute', async () => {
  const [first, second] = [await tab(), await tab()];
  newest().opens();
  newest().says('ticket', '1', 'a');
  await pass();
  sleep(first);
  await pass(minute - 1);
  expect(urls()).toEqual([path]);
  await pass(1);
  expect(urls()).toEqual([path, `${path}?resumeToken=a`]);
  expect(live()).toEqual([newest()]); // the one before has let its own go

  // Which is next in turn again.
  if (first.channel) first.channel.asleep = false;
  newest().opens();
  newest().says('ticket', '2', 'b');
  await pass();
  expect(first.heard.slice(-2)).toEqual(['up', 'ticket 2']);
  second.stop();
  await pass();
  expect(newest().url).toBe(`${path}?resumeToken=b`);
  newest().opens();
  expect(first.heard.at(-1)).toBe('up');
});

it('is not taken back at once by the tab that has slept', async () => {
  const first = await tab();
  await tab();
  newest().opens();
  newest().says('ticket', '1', 'a');
  await pass();
  sleep(first);
  await pass(minute);
  expect(urls()).toHaveLength(2);
  await pass(minute / 2); // it does not hear yet that the other one lives
  if (first.channel) first.channel.asleep = false;
  await pass(10 * minute);
  expect(urls()).toHaveLength(2);
});

it('is left to a tab that says that it lives', async () => {
  await tab();
  const second = await tab();
  newest().opens();
  await pass(10 * minute);
  expect(urls()).toEqual([path]);
  expect(second.heard).toEqual(['resync', 'up', 'resync']); // of its life nobody else needs to know
});

it('is not taken over by a tab that nobody sees', async () => {
  const first = await tab();
  await tab();
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  sleep(first);
  await pass(10 * minute);
  expect(urls()).toEqual([path]);
  hidden.mockReturnValue(false);
  await pass(minute);
  expect(urls()).toHaveLength(2);
});

it('is not opened by a tab that went before its turn came', async () => {
  const [first, second] = [await tab(), await tab()];
  second.stop();
  first.stop();
  await pass(10 * minute);
  expect(urls()).toEqual([path]);
});

it('is not opened by a tab that went while the lock was on its way to it', async () => {
  const only = tab();
  tabs[0]?.stop();
  await only;
  await pass(10 * minute);
  expect(urls()).toEqual([]);
});

it('says in every tab when it is lost, and when it is back', async () => {
  const [first, second] = [await tab(), await tab()];
  newest().opens();
  newest().says('ticket', '1', 'a');
  newest().breaks(0); // the browser tries again by itself
  await pass(minute);
  newest().opens();
  await pass();
  expect(first.heard).toEqual(['up', 'resync', 'ticket 1', 'down', 'up']);
  expect(second.heard).toEqual(['resync', ...first.heard]);
  expect(urls()).toEqual([path]);
});

it('is opened again where the browser has given up', async () => {
  const { heard } = await tab();
  newest().opens();
  newest().says('ticket', '1', 'a');
  newest().breaks(2);
  await pass(4_999);
  expect(urls()).toEqual([path]);
  await pass(1);
  expect(urls()).toEqual([path, `${path}?resumeToken=a`]);
  newest().opens();
  expect(heard).toEqual(['up', 'resync', 'ticket 1', 'down', 'up']);
});

it('has everything loaded anew when it is back and nothing was heard before', async () => {
  const { heard } = await tab();
  newest().breaks(2);
  await pass(5_000);
  newest().breaks(2);
  await pass(5_000);
  expect(urls()).toEqual([path, path, path]);
  newest().opens();
  expect(heard).toEqual(['down', 'down', 'up', 'resync']);
});

it('is not opened again after the end', async () => {
  const { stop } = await tab();
  newest().breaks(2);
  stop();
  await pass(minute);
  expect(urls()).toEqual([path]);
});

it('is one for each tab where there are no locks, and no tab hears twice', async () => {
  vi.stubGlobal('navigator', {});
  const [first, second] = [await tab(), await tab()];
  expect(urls()).toEqual([path, path]);
  for (const source of Source.all) {
    source.opens();
    source.says('ticket', '1', 'a');
  }
  await pass(10 * minute);
  for (const { heard } of [first, second]) expect(heard).toEqual(['up', 'resync', 'ticket 1']);
  expect(urls()).toHaveLength(2);
});

it('is that of one person', async () => {
  await tab();
  const other: string[] = [];
  const stop = hearStream('eve', { onSaid: (kind) => other.push(kind), onDown: () => undefined });
  newest().opens();
  Source.all[0]?.says('ticket', '1', 'a');
  await pass();
  expect(other).toEqual(['resync']); // of her own
  stop();
});
