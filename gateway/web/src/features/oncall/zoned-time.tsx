import { formatExact, timeZone } from '../../lib/format.ts';
import { staffText } from '../../lib/text.staff.ts';
import { cityOf, elsewhere, formatIn } from './zones.ts';

/** An instant in the viewer's zone, and what the clock of the person concerned shows where that differs. */
export function ZonedTime({ at, zone }: { at: string; zone: string }) {
  const clock = elsewhere(zone, at);
  const there = clock && staffText.onCall.there(clock, cityOf(zone));
  return (
    <>
      <time dateTime={at} title={[formatExact(at), there].filter(Boolean).join('\n')}>
        {formatIn(timeZone(), at)}
      </time>
      {there && <span className="muted small"> {there}</span>}
    </>
  );
}
