import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { type DraftStore, useDraft } from './draft.ts';
import { keepsDrafts } from './storage.ts';

function memory(): DraftStore & { map: Map<string, unknown> } {
  const map = new Map<string, unknown>();
  return {
    map,
    get: async (key) => map.get(key),
    set: async (key, value) => void map.set(key, value),
    del: async (key) => void map.delete(key),
  };
}

/** An answer that comes when the test says so. */
function late() {
  let resolve: (value: unknown) => void = () => {};
  const promise = new Promise<unknown>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const initial = { body: '', cc: '' };

async function open(store: DraftStore, key = 'ada:reply:7') {
  const hook = renderHook(() => useDraft(key, initial, store));
  await waitFor(() => expect(hook.result.current.ready).toBe(true));
  return hook;
}

describe('useDraft', () => {
  it('comes back after a reload, with its request id', async () => {
    const store = memory();
    const before = await open(store);
    act(() => before.result.current.change({ body: 'half a sen' }));
    const { requestId } = before.result.current;
    before.unmount(); // as a reload does, at once

    const after = await open(store);
    expect(after.result.current.value).toEqual({ body: 'half a sen', cc: '' });
    expect(after.result.current.restored).toBe(true);
    expect(after.result.current.requestId).toBe(requestId);
  });

  it('is forgotten when it was sent', async () => {
    const store = memory();
    const { result } = await open(store);
    act(() => result.current.change({ body: 'x' }));
    const { requestId } = result.current;
    await waitFor(() => expect(store.map.size).toBe(1));
    act(() => result.current.clear());
    await waitFor(() => expect(store.map.size).toBe(0));
    expect(result.current.value).toEqual(initial);
    expect(result.current.requestId).not.toBe(requestId);
  });

  it('says whether it is kept', async () => {
    const { result } = await open(memory());
    expect(result.current.stored).toBeUndefined();
    act(() => result.current.change({ body: 'x' }));
    await waitFor(() => expect(result.current.stored).toBe(true));
    act(() => result.current.clear());
    expect(result.current.stored).toBeUndefined();
  });

  it('says that it is not kept where storage is blocked, before anything is typed', async () => {
    expect(keepsDrafts()).toBe(true);
    const refuse = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    const { result } = await open({ get: refuse, set: refuse, del: refuse });
    await waitFor(() => expect(result.current.stored).toBe(false));
    act(() => result.current.change({ body: 'x' }));
    expect(result.current.value.body).toBe('x');
    act(() => result.current.clear());
    expect(result.current.stored).toBe(false);
    expect(keepsDrafts()).toBe(false);
  });

  it('is none where nothing stands any more', async () => {
    const store = memory();
    const { result } = await open(store);
    act(() => result.current.change({ body: 'x' }));
    await waitFor(() => expect(store.map.size).toBe(1));
    act(() => result.current.change({ body: '' }));
    await waitFor(() => expect(store.map.size).toBe(0));
    await waitFor(() => expect(result.current.stored).toBeUndefined());
  });

  it('belongs to its key', async () => {
    const store = memory();
    const ada = await open(store);
    act(() => ada.result.current.change({ body: 'mine' }));
    ada.unmount();
    const ben = await open(store, 'ben:reply:7');
    expect(ben.result.current.value).toEqual(initial);
    expect(ben.result.current.restored).toBe(false);
  });

  it('replaces nothing before it was read', async () => {
    const store = memory();
    store.map.set('k', { value: { body: 'old', files: ['a'] }, requestId: 'r' });
    const answer = late();
    const slow = { ...store, get: () => answer.promise };
    const begun = { body: '', cc: '', files: [] as string[] };
    const { result } = renderHook(() => useDraft('k', begun, slow));
    expect(result.current.ready).toBe(false);
    act(() => result.current.change({ body: 'new', cc: 'x', files: ['b'] }));
    expect(store.map.get('k')).toEqual({ value: { body: 'old', files: ['a'] }, requestId: 'r' });

    answer.resolve(store.map.get('k'));
    await waitFor(() => expect(result.current.ready).toBe(true));
    const both = { body: 'old\n\nnew', cc: 'x', files: ['a', 'b'] };
    expect(result.current.value).toEqual(both);
    expect(result.current.restored).toBe(true);
    await waitFor(() => expect(store.map.get('k')).toEqual({ value: both, requestId: 'r' }));
  });

  it('keeps what was changed before it is known that there is no earlier draft', async () => {
    const store = memory();
    const { result } = renderHook(() => useDraft('k', initial, store));
    act(() => result.current.change({ body: 'new' }));
    await waitFor(() => expect(store.map.get('k')).toMatchObject({ value: { body: 'new' } }));
    expect(result.current.restored).toBe(false);
  });

  it('waits for a moment only, and then leaves the earlier draft alone', async () => {
    vi.useFakeTimers();
    try {
      const store = memory();
      const old = { value: { body: 'old' }, requestId: 'r' };
      store.map.set('k', old);
      const answer = late();
      const slow = { ...store, get: () => answer.promise };
      const { result } = renderHook(() => useDraft('k', initial, slow));
      await act(() => vi.advanceTimersByTimeAsync(4_900));
      expect(result.current.ready).toBe(false);
      await act(() => vi.advanceTimersByTimeAsync(200));
      expect([result.current.ready, result.current.stored]).toEqual([true, false]);
      act(() => result.current.change({ body: 'new' }));
      await act(async () => answer.resolve(old)); // too late
      expect(result.current.value.body).toBe('new');
      act(() => result.current.clear());
      expect(store.map.get('k')).toBe(old);
    } finally {
      vi.useRealTimers();
    }
  });

  it('works without storage', async () => {
    const blocked: DraftStore = {
      get: () => Promise.reject(new Error('blocked')),
      set: () => Promise.reject(new Error('blocked')),
      del: () => Promise.reject(new Error('blocked')),
    };
    const { result } = await open(blocked);
    act(() => result.current.change({ body: 'x' }));
    expect(result.current.value.body).toBe('x');
  });
});
