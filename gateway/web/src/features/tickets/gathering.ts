import { ApiError } from '../../api/problem.ts';

/** Asks for what has changed, or for all as anything may have; what it returns puts the answer in. */
export type Ask = (changed: string[], any: boolean) => Promise<() => void>;

export interface Gathering {
  /** Without a number anything may have changed. */
  note(number?: string): void;
  stop(): void;
}

/** How long to gather, how long the next changes have to wait, and after how long without an answer to ask again. */
export const gather = 600;
export const rest = 2_000;
export const again = 15_000;

/**
 * Gathers what has changed before it is asked for. One question is asked at a time, so that the newest answer counts; what
 * was left without an answer is asked for again.
 */
export function gathering(ask: Ask): Gathering {
  let changed = new Set<string>();
  let any = false;
  let busy = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  const wait = (time: number) => {
    if (!busy && !stopped) timer ??= setTimeout(run, time);
  };
  const soon = () => wait(Math.max(gather, askedAt + rest - performance.now()));
  const run = async () => {
    timer = undefined;
    busy = true;
    askedAt = performance.now();
    const question = { changed, any };
    changed = new Set();
    any = false;
    try {
      const take = await ask([...question.changed], question.any);
      if (!stopped) take();
      busy = false;
    } catch (error) {
      busy = false;
      if (error instanceof ApiError && error.refused) return;
      changed = new Set([...question.changed, ...changed]);
      any ||= question.any;
      return wait(again);
    }
    if (any || changed.size > 0) soon();
  };
  return {
    note(number?: string) {
      if (number === undefined) any = true;
      else changed.add(number);
      soon();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
