import { describe, expect, it, vi } from 'vitest';
import { type Browser, TabDrafts } from './tab-drafts.ts';

const key = 'ada:new';

/** What the tabs of a browser share: what is stored, and who has what open. */
function shared() {
  const map = new Map<string, unknown>();
  const store: Browser['store'] = {
    get: async (name) => map.get(name),
    set: async (name, value) => void map.set(name, value),
    del: async (name) => void map.delete(name),
    entries: async () => [...map],
  };
  const waiting = new Map<string, (() => void)[]>(); // of locks that are held
  async function request(name: string, options: LockOptions, hold: (lock: Lock | null) => unknown) {
    const line = waiting.get(name);
    if (line && options.ifAvailable) return hold(null);
    if (line) {
      await new Promise<void>((resolve, reject) => {
        line.push(resolve);
        const refuse = () => reject(options.signal?.reason);
        if (options.signal?.aborted) refuse();
        else options.signal?.addEventListener('abort', refuse);
      });
    } else waiting.set(name, []);
    await hold({ name, mode: 'exclusive' });
    const next = waiting.get(name)?.shift();
    if (next) next();
    else waiting.delete(name);
  }
  const locks = { request } as unknown as Browser['locks'];
  return { map, store, locks };
}

const worth = (value: unknown) => (value === 'nothing' ? 0 : value === 'little' ? 1 : 2);

/** A tab of it. What is its own outlasts the pages in it. */
function tab({ store, locks }: ReturnType<typeof shared>, kept = new Map<string, string>()) {
  const session: Browser['session'] = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  };
  return { kept, open: () => new TabDrafts(worth, { store, locks, session }) };
}

const draft = (value: string) => ({ value, requestId: `id of ${value}` });

async function begin(page: TabDrafts, value: string) {
  expect(await page.get(key)).toBeUndefined();
  await page.set(key, draft(value));
  return page;
}

describe('TabDrafts', () => {
  it('has one for each tab that is open', async () => {
    const all = shared();
    await begin(tab(all).open(), 'one');
    await begin(tab(all).open(), 'two');
    expect([...all.map.values()]).toMatchObject([draft('one'), draft('two')]);
  });

  it('finds its own after a reload, although others are newer', async () => {
    const all = shared();
    const mine = tab(all);
    const before = await begin(mine.open(), 'mine');
    (await begin(tab(all).open(), 'newer')).close();
    const after = mine.open().get(key);
    before.close(); // the page before goes a moment later
    expect(await after).toMatchObject(draft('mine'));
  });

  it('finds each of its own after a reload', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const all = shared();
      const mine = tab(all);
      const keys = ['ada:reply:7', 'ada:note:7'];
      for (const of of keys) {
        vi.setSystemTime(1_000);
        const page = mine.open();
        await page.get(of);
        await page.set(of, draft(`mine, ${of}`));
        vi.setSystemTime(2_000);
        const other = tab(all).open();
        await other.get(of);
        await other.set(of, draft('newer'));
        page.close();
        other.close();
      }
      for (const of of keys) expect(await mine.open().get(of)).toMatchObject(draft(`mine, ${of}`));
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes up the newest that no tab has open', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const all = shared();
      const pages: TabDrafts[] = [];
      for (const [n, value] of ['first', 'second', 'third'].entries()) {
        vi.setSystemTime(1_000 * n);
        pages.push(await begin(tab(all).open(), value));
      }
      vi.setSystemTime(9_000);
      await pages[0]?.set(key, draft('first, gone on with'));
      pages[0]?.close();
      pages[1]?.close();
      expect(await tab(all).open().get(key)).toMatchObject(draft('first, gone on with'));
      expect(await tab(all).open().get(key)).toMatchObject(draft('second'));
      expect(await tab(all).open().get(key)).toBeUndefined(); // the third is open
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes up what is worth more before what is newer', async () => {
    const all = shared();
    const [text, choice] = [tab(all), tab(all)];
    const pages = [await begin(text.open(), 'text'), await begin(choice.open(), 'little')];
    for (const page of pages) page.close();
    expect(await tab(all).open().get(key)).toMatchObject(draft('text'));
    expect(await tab(all).open().get(key)).toMatchObject(draft('little'));
  });

  it('keeps nothing that is worth nothing, nor takes it up', async () => {
    const all = shared();
    const mine = tab(all);
    const page = await begin(mine.open(), 'mine');
    await page.set(key, draft('nothing'));
    expect(all.map.size).toBe(0);
    page.close();
    // As an earlier release has left them, one of this tab.
    const own = mine.kept.values().next().value ?? '';
    all.map.set(own, { ...draft('nothing'), changed: 2 });
    all.map.set(`${key}:old`, { ...draft('text'), changed: 1 });
    expect(await mine.open().get(key)).toMatchObject(draft('text'));
    expect(await tab(all).open().get(key)).toBeUndefined();
  });

  it('begins another in a copy of a tab', async () => {
    const all = shared();
    const mine = tab(all);
    await begin(mine.open(), 'mine');
    vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort());
    await begin(tab(all, new Map(mine.kept)).open(), 'of the copy');
    expect([...all.map.values()]).toMatchObject([draft('mine'), draft('of the copy')]);
  });

  it('is forgotten alone', async () => {
    const all = shared();
    const mine = await begin(tab(all).open(), 'mine');
    await begin(tab(all).open(), 'other');
    await mine.del();
    expect([...all.map.values()]).toMatchObject([draft('other')]);
  });

  it('takes up what an earlier release kept, and nothing of others', async () => {
    const all = shared();
    all.map.set('ben:new:1', draft("ben's"));
    all.map.set('ada:newsletter', draft('of something else'));
    all.map.set(key, draft('old'));
    expect(await tab(all).open().get(key)).toEqual(draft('old'));
    expect(await tab(all).open().get(key)).toBeUndefined();
  });

  it('leaves drafts to others when the page went before it had one', async () => {
    const all = shared();
    all.map.set(key, draft('old'));
    const page = tab(all).open();
    const left = page.get(key);
    page.close();
    await expect(left).rejects.toThrow();
    expect(await tab(all).open().get(key)).toEqual(draft('old'));
  });
});
