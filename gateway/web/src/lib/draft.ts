import { del, get, set } from 'idb-keyval';
import { useCallback, useEffect, useRef, useState } from 'react';
import { noteLostDraft } from './storage.ts';

/** Where drafts are kept: the browser's database, unless a test says otherwise. */
export interface DraftStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  del(key: string): Promise<void>;
}

// Where storage is blocked these throw at once, which is a refusal like any other.
const browser: DraftStore = {
  get: async (key) => get(key),
  set: async (key, value) => set(key, value),
  del: async (key) => del(key),
};

/** What is kept: the text, and the id under which it is sent, so that a repeated attempt does nothing twice. */
interface Kept<T> {
  value: T;
  requestId: string;
}

export interface Draft<T> {
  value: T;
  change(part: Partial<T>): void;
  /** Sent along with the value. A new one is made by `renew`, when the server has certainly refused the old one. */
  requestId: string;
  renew(): void;
  /** Forgets the draft, after it was sent or when it is not wanted. */
  clear(): void;
  /** Whether an earlier draft was found. */
  restored: boolean;
  /** False while an earlier draft is looked for. Nothing is sent before: what was sent once keeps its id. */
  ready: boolean;
  /** Whether what stands there is kept; undefined until it was tried. */
  stored: boolean | undefined;
}

/** So long an earlier draft is waited for, in milliseconds. */
const patience = 5_000;

/**
 * A draft belongs to the browser: nothing that comes from the server touches it. `key` names the person and what the
 * draft is for. Nothing is stored before the earlier draft was read, which it would replace: what was typed meanwhile comes
 * after it. Storage that is blocked, or does not answer, costs no more than the draft, and `stored` says so.
 */
export function useDraft<T extends object>(key: string, initial: T, store: DraftStore = browser): Draft<T> {
  const first = useRef(initial);
  const [kept, setKept] = useState<Kept<T>>(() => ({ value: initial, requestId: crypto.randomUUID() }));
  const [restored, setRestored] = useState(false);
  const [access, setAccess] = useState<'awaited' | 'given' | 'refused'>('awaited');
  const [stored, setStored] = useState<boolean>();
  const refused = useCallback(() => {
    noteLostDraft();
    setStored(false);
  }, []);
  const dirty = useRef(false);

  useEffect(() => {
    let waiting = true;
    const once = (act: () => void) => {
      if (!waiting) return;
      waiting = false;
      clearTimeout(limit);
      act();
    };
    const giveUp = () =>
      once(() => {
        refused();
        setAccess('refused');
      });
    const limit = setTimeout(giveUp, patience);
    const restore = (found: unknown) =>
      once(() => {
        if (found) {
          const old = found as Kept<T>;
          setKept((now) => ({ value: joined(first.current, old.value, now.value), requestId: old.requestId }));
          setRestored(true);
        }
        setAccess('given');
      });
    store.get(key).then(restore, giveUp);
    return () => once(() => undefined);
  }, [key, store, refused]);

  // At once: a timer would lose the last words of whoever leaves, as browsers let nothing begin at that moment.
  useEffect(() => {
    if (!dirty.current || access !== 'given') return;
    // Nothing is no draft: taken up again, it would hide an earlier one of another tab.
    const blank = JSON.stringify(kept.value) === JSON.stringify(first.current);
    const done = blank ? store.del(key) : store.set(key, kept);
    done.then(() => setStored(blank ? undefined : true), refused);
  }, [key, kept, access, store, refused]);

  const change = useCallback((part: Partial<T>) => {
    dirty.current = true;
    setKept((old) => ({ ...old, value: { ...old.value, ...part } }));
  }, []);
  const renew = useCallback(() => setKept((old) => ({ ...old, requestId: crypto.randomUUID() })), []);
  const clear = useCallback(() => {
    dirty.current = false;
    setRestored(false);
    setStored((old) => (old ? undefined : old));
    setKept({ value: first.current, requestId: crypto.randomUUID() });
    // An earlier draft that was not read is still wanted.
    if (access === 'given') store.del(key).catch(() => undefined);
  }, [key, access, store]);

  const ready = access !== 'awaited';
  return { value: kept.value, change, requestId: kept.requestId, renew, clear, restored, ready, stored };
}

/** The earlier draft with what was changed meanwhile: neither a text nor a list, as that of files, is lost. */
function joined<T extends object>(initial: T, old: Partial<T>, now: T): T {
  const all = { ...initial, ...old };
  for (const name of Object.keys(now) as (keyof T)[]) {
    if (now[name] !== initial[name]) all[name] = both(all[name], now[name]) as T[keyof T];
  }
  return all;
}

function both(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) return [...before, ...after];
  if (typeof before === 'string' && typeof after === 'string') return [before, after].filter(Boolean).join('\n\n');
  return after;
}
