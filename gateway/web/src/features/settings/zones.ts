import { chooseZone, deviceZone, locale } from '../../lib/locale.ts';
import { settingsText } from '../../lib/text.settings.ts';

/** The zones to choose from: the device's first, then all by name, with the one that is set if browsers lack it. */
export function zoneOptions(current: string): { value: string; label: string }[] {
  const known = new Set([...Intl.supportedValuesOf('timeZone'), 'Etc/UTC', current]);
  known.delete(deviceZone);
  return [
    { value: deviceZone, label: settingsText.zoneDevice(chooseZone('')) },
    ...[...known].sort().map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
  ];
}

/** The time of day in a zone. */
export function clockIn(account: string, now = new Date()): string {
  const options = { timeZone: chooseZone(account), hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, options).format(now);
}
