/** Lets no more than n run at a time; the others wait for their turn, in the order in which they came. */
export function atMost(n: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running < n) running++;
    else await new Promise<void>((go) => waiting.push(go)); // takes the place of one that is done
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
