import { formatExact, timeZone } from '../../lib/format.ts';
import { staffText } from '../../lib/text.staff.ts';
import { cityOf, elsewhere, formatIn } from './zones.ts';

/** An instant in the viewer's zone, and what the clock of the person concerned shows where that differs. */
export function ZonedTime({ at, zone }: { at: string; zone: string }) {
  const there = elsewhere(zone, at);
  return (
    <>
      <time dateTime={at} title={there ? staffText.onCall.there(there, cityOf(zone)) : formatExact(at)}>
        {formatIn(timeZone, at)}
      </time>
      {there && <span className="muted small"> {staffText.onCall.there(there, cityOf(zone))}</span>}
    </>
  );
}
