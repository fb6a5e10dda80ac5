import { locale, timeZone } from '../../lib/locale.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The time in a zone, with its day: "Tue 24 Nov, 10:00". "" where the zone is not known here. */
export function formatIn(zone: string, instant: string): string {
  try {
    const format =
      formats.get(zone) ??
      new Intl.DateTimeFormat(locale, {
        timeZone: zone,
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
      });
    formats.set(zone, format);
    return format.format(new Date(instant));
  } catch {
    return '';
  }
}

/** The time where somebody else lives, when their clock shows another one than the viewer's. */
export function elsewhere(zone: string, instant: string, own = timeZone()): string {
  if (!zone) return '';
  const there = formatIn(zone, instant);
  return there === formatIn(own, instant) ? '' : there;
}

/** "Europe/Madrid" as people say it. */
export function cityOf(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** All zones by name, with the one that is set if this browser lacks it. */
export function zoneChoices(current: string): { value: string; label: string }[] {
  const known = new Set([...Intl.supportedValuesOf('timeZone'), 'Etc/UTC', current]);
  return [...known].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }));
}
