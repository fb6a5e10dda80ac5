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
  /** False while an earlier draft is looked for. */
  ready: boolean;
  /** Whether what stands there is kept; undefined until it was tried. */
  stored: boolean | undefined;
}

/**
 * A draft belongs to the browser: nothing that comes from the server touches it. `key` names the person and what the
 * draft is for. Storage that is blocked costs no more than the draft, and
 * `stored` says so.
 */
export function useDraft<T extends object>(key: string, initial: T, store: DraftStore = browser): Draft<T> {
  const first = useRef(initial);
  const [kept, setKept] = useState<Kept<T>>(() => ({ value: initial, requestId: crypto.randomUUID() }));
  const [restored, setRestored] = useState(false);
  const [ready, setReady] = useState(false);
  const [stored, setStored] = useState<boolean>();
  const refused = useCallback(() => {
    noteLostDraft();
    setStored(false);
  }, []);
  const dirty = useRef(false);

  useEffect(() => {
    let live = true;
    store
      .get(key)
      .then((found) => {
        if (!live || !found || dirty.current) return;
        const old = found as Kept<T>;
        setKept({ value: { ...first.current, ...old.value }, requestId: old.requestId });
        setRestored(true);
      })
      .catch(refused)
      .finally(() => live && setReady(true));
    return () => {
      live = false;
    };
  }, [key, store, refused]);

  // At once: a timer would lose the last words of whoever leaves, as browsers let nothing begin at that moment.
  useEffect(() => {
    if (!dirty.current) return;
    store.set(key, kept).then(() => setStored(true), refused);
  }, [key, kept, store, refused]);

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
    store.del(key).catch(() => undefined);
  }, [key, store]);

  return { value: kept.value, change, requestId: kept.requestId, renew, clear, restored, ready, stored };
}
