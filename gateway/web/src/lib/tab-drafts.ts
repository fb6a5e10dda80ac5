import { del, entries, get, set } from 'idb-keyval';
import { useEffect, useState } from 'react';
import type { DraftStore } from './draft.ts';

/** What drafts of tabs need of the browser, unless a test says otherwise. */
export interface Browser {
  store: DraftStore & { entries(): Promise<[IDBValidKey, unknown][]> };
  /** Whether a draft is open in some tab. */
  locks: Pick<LockManager, 'request'>;
  /** Of this tab alone; it outlasts a reload. */
  session: Pick<Storage, 'getItem' | 'setItem'>;
}

const browser: Browser = {
  store: {
    get: async (key) => get(key),
    set: async (key, value) => set(key, value),
    del: async (key) => del(key),
    entries: async () => entries(),
  },
  get locks() {
    return navigator.locks;
  },
  get session() {
    return sessionStorage; // throws where storage is blocked
  },
};

/** What a draft is worth: 0 for one that need not be kept; of those that no tab has open the one that is worth most is taken up. */
export type Worth = (value: unknown) => number;

/** Where a tab keeps which one is its own. */
const ownKey = (key: string) => `altis.draft:${key}`;

/** So long the tab's own draft is waited for, in milliseconds: before a reload it was open in the page that goes. */
const patience = 2_000;

/**
 * Drafts of which every tab has its own, so that what one sends is not gone on with in another: one key stands for many, of
 * which each is written by one tab. A tab takes up its own, or of those that no other has open the newest of the most worth, or
 * begins one. Its lock says that it is open; whatever ends the tab ends that.
 */
export class TabDrafts implements DraftStore {
  readonly #worth: Worth;
  readonly #browser: Browser;
  #own = '';
  #stay = new AbortController();

  constructor(worth: Worth, parts: Browser = browser) {
    this.#worth = worth;
    this.#browser = parts;
  }

  async get(key: string): Promise<unknown> {
    this.close();
    this.#stay = new AbortController();
    const { store, session } = this.#browser;
    this.#own = await this.#take(key, this.#stay.signal);
    session.setItem(ownKey(key), this.#own);
    return store.get(this.#own);
  }

  set(_: string, value: unknown): Promise<void> {
    if (worthOf(value, this.#worth) === 0) return this.del();
    return this.#browser.store.set(this.#own, { ...(value as object), changed: Date.now() });
  }

  del(): Promise<void> {
    return this.#browser.store.del(this.#own);
  }

  /** Leaves the draft to other tabs. */
  close(): void {
    this.#stay.abort();
  }

  async #take(key: string, left: AbortSignal): Promise<string> {
    const { store, session } = this.#browser;
    const found = (await store.entries())
      .flatMap(([name, value]) =>
        typeof name === 'string' ? [{ name, changed: changeOf(value), worth: worthOf(value, this.#worth) }] : [],
      )
      .filter(({ name }) => name === key || name.startsWith(`${key}:`)) // an earlier release had one for all
      .filter(({ worth }) => worth > 0) // an earlier release kept those as well
      .sort((a, b) => b.worth - a.worth || b.changed - a.changed)
      .map(({ name }) => name);
    left.throwIfAborted();
    const own = session.getItem(ownKey(key)) ?? '';
    if (found.includes(own) && (await this.#lock(own, left, { signal: AbortSignal.timeout(patience) }))) return own;
    for (const name of found) if (await this.#lock(name, left, { ifAvailable: true })) return name;
    const fresh = `${key}:${crypto.randomUUID()}`;
    await this.#lock(fresh, left, { ifAvailable: true });
    return fresh;
  }

  /** Whether no other tab has it open; this one has from now on, until it is left. */
  #lock(name: string, left: AbortSignal, options: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      const hold = (lock: Lock | null) => {
        resolve(lock !== null);
        if (!lock || left.aborted) return;
        return new Promise<void>((release) => left.addEventListener('abort', () => release()));
      };
      this.#browser.locks.request(name, options, hold).catch(() => resolve(false));
    });
  }
}

function changeOf(value: unknown): number {
  return (value as { changed?: number } | undefined)?.changed ?? 0;
}

function worthOf(draft: unknown, worth: Worth): number {
  return worth((draft as { value?: unknown } | undefined)?.value);
}

const alike: Worth = () => 1;

/** A store of the tab's own drafts, which others may take up once this page is left. */
export function useTabDrafts(worth = alike): TabDrafts {
  const [drafts] = useState(() => new TabDrafts(worth));
  useEffect(() => () => drafts.close(), [drafts]);
  return drafts;
}
