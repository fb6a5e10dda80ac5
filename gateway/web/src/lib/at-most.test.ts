import { describe, expect, it } from 'vitest';
import { atMost } from './at-most.ts';

/** Work that begins when it is let, and ends when the test says so. */
function work(turns: ReturnType<typeof atMost>, names: string) {
  const begun: string[] = [];
  const end = new Map<string, { well: () => void; badly: () => void }>();
  const done = [...names].map((name) =>
    turns(() => {
      begun.push(name);
      return new Promise<string>((resolve, reject) =>
        end.set(name, { well: () => resolve(name), badly: () => reject(new Error(name)) }),
      );
    }),
  );
  return { begun, end, done };
}

describe('atMost', () => {
  it('begins the next one when one has ended, well or badly', async () => {
    const { begun, end, done } = work(atMost(2), 'abcd');
    expect(begun).toEqual(['a', 'b']);
    end.get('b')?.badly();
    await expect(done[1]).rejects.toThrow('b');
    await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
    end.get('a')?.well();
    expect(await done[0]).toBe('a');
    await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets as many run again when all have ended', async () => {
    const turns = atMost(2);
    const { end, done } = work(turns, 'ab');
    for (const { well } of end.values()) well();
    await Promise.all(done);
    expect(work(turns, 'cde').begun).toEqual(['c', 'd']);
  });
});
