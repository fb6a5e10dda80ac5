import { useEffect, useState } from 'react';
import { formatClock, formatExact, formatRelative } from '../lib/format.ts';

/** An instant: how long ago, with the exact time on demand. It keeps up with the clock. */
export function Time({ at, look = 'relative' }: { at: string; look?: 'relative' | 'clock' }) {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={at} title={formatExact(at)}>
      {look === 'clock' ? formatClock(at, now) : formatRelative(at, now)}
    </time>
  );
}
