import { inLanguage } from './locale.ts';
import { type SchedulesText, schedulesEn } from './text.schedules.en.ts';

/** What the calendars of schedules say, in the reader's language. */
export const schedulesText: SchedulesText = await inLanguage(schedulesEn, {
  de: () => import('./text.schedules.de.ts').then((file) => file.schedulesDe),
});
