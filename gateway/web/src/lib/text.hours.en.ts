/** What is said in English of hours of some weekdays: apart, as only forms of on-call need it. */
export const hoursEn = {
  daily: 'every day',
  allDay: 'all day',
  days: 'Weekdays',
  daysHint: 'On which they begin.',
  daysMissing: 'Choose at least one day.',
  from: 'From',
  until: 'Until',
  overnight: 'until the next day',
  timeMissing: 'Enter a time.',
  remove: (n: number) => `Remove hours ${n}`,
  one: (n: number) => `Hours ${n}`,
  add: 'Add hours',
};

export type HoursText = typeof hoursEn;
