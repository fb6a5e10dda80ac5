import { formatClock, formatExact, formatRelative } from '../lib/format.ts';
import { useTick } from '../lib/tick.ts';

/** An instant: how long ago, with the exact time on demand. It keeps up with the clock. */
export function Time({ at, look = 'relative' }: { at: string; look?: 'relative' | 'clock' }) {
  useTick();
  const now = new Date();
  return (
    <time dateTime={at} title={formatExact(at)}>
      {look === 'clock' ? formatClock(at, now) : formatRelative(at, now)}
    </time>
  );
}
