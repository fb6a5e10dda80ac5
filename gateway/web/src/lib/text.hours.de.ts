import type { HoursText } from './text.hours.en.ts';

export const hoursDe: HoursText = {
  daily: 'täglich',
  allDay: 'ganztägig',
  days: 'Wochentage',
  daysHint: 'An denen sie beginnen.',
  daysMissing: 'Wählen Sie mindestens einen Tag.',
  from: 'Von',
  until: 'Bis',
  overnight: 'bis zum nächsten Tag',
  timeMissing: 'Geben Sie eine Uhrzeit ein.',
  remove: (n) => `Zeiten ${n} entfernen`,
  one: (n) => `Zeiten ${n}`,
  add: 'Zeiten hinzufügen',
};
