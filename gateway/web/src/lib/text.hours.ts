import { inLanguage } from './locale.ts';
import { type HoursText, hoursEn } from './text.hours.en.ts';

/** What is said of hours of some weekdays, in the reader's language. */
export const hoursText: HoursText = await inLanguage(hoursEn, {
  de: () => import('./text.hours.de.ts').then((file) => file.hoursDe),
});
