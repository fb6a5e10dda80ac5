import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
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

  it('belongs to its key', async () => {
    const store = memory();
    const ada = await open(store);
    act(() => ada.result.current.change({ body: 'mine' }));
    ada.unmount();
    const ben = await open(store, 'ben:reply:7');
    expect(ben.result.current.value).toEqual(initial);
    expect(ben.result.current.restored).toBe(false);
  });

  it('leaves alone what was typed before the store answered', async () => {
    const store = memory();
    store.map.set('k', { value: { body: 'old' }, requestId: 'r' });
    const hook = renderHook(() => useDraft('k', initial, store));
    act(() => hook.result.current.change({ body: 'new' }));
    await waitFor(() => expect(hook.result.current.ready).toBe(true));
    expect(hook.result.current.value.body).toBe('new');
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
