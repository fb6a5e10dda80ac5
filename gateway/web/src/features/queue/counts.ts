import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { type Count, countKey, countQuery } from '../tickets/count.ts';
import { useLive } from '../tickets/live.ts';

/** How long to gather changes before all is counted again, and how long the next ones have to wait. */
const gather = 1_000;
const rest = 60_000;

/** How many tickets each of the filters has, kept up to date. */
export function useCounts(filters: string[]): ReadonlyMap<string, Count> {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const counted = useRef(0);
  const hint = () => {
    if (timer.current !== undefined) return;
    const wait = Math.max(gather, counted.current + rest - Date.now());
    timer.current = setTimeout(() => {
      timer.current = undefined;
      counted.current = Date.now();
      // In the background it has time until somebody looks.
      client.invalidateQueries({ queryKey: countKey, refetchType: document.hidden ? 'none' : 'active' });
    }, wait);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive({ onTicket: hint, onRemoved: hint, onResync: hint });

  const asked = [...new Set(filters)];
  return useQueries({
    queries: asked.map(countQuery),
    combine: (results) =>
      new Map(
        results.flatMap(({ data: count }, index) => {
          const filter = asked[index];
          return count && filter !== undefined ? [[filter, count] as const] : [];
        }),
      ),
  });
}
