import { formatClock, formatExact, formatRelative } from '../lib/format.ts';
import { useTick } from '../lib/tick.ts';

/**
 * An instant: how long ago, with the exact time where it is pointed at. It keeps up with the clock. The exact time is written
 * only then: Intl takes longer for it than for all else of a row.
 */
export function Time({ at, look = 'relative' }: { at: string; look?: 'relative' | 'clock' }) {
  useTick();
  const now = new Date();
  return (
    <time
      dateTime={at}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = formatExact(at);
      }}
    >
      {look === 'clock' ? formatClock(at, now) : formatRelative(at, now)}
    </time>
  );
}
