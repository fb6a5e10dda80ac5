import { formatClock, formatExact, formatRelative } from '../lib/format.ts';
import { useTick } from '../lib/tick.ts';

/**
 * An instant with the exact time on demand: how long ago, or the time of day. It keeps up with the clock. Of the many of a
 * list the exact time is written when it is pointed at: Intl takes longer for it than for all else of a row.
 */
export function Time({ at, look = 'relative' }: { at: string; look?: 'relative' | 'clock' }) {
  useTick();
  const now = new Date();
  return (
    <time
      dateTime={at}
      title={look === 'clock' ? formatExact(at) : undefined}
      onPointerEnter={({ currentTarget }) => {
        currentTarget.title = formatExact(at);
      }}
    >
      {look === 'clock' ? formatClock(at, now) : formatRelative(at, now)}
    </time>
  );
}
