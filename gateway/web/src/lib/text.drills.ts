import { inLanguage } from './locale.ts';
import { type DrillsText, drillsEn } from './text.drills.en.ts';

/** What the page of drills says, in the reader's language. */
export const drillsText: DrillsText = await inLanguage(drillsEn, {
  de: () => import('./text.drills.de.ts').then((file) => file.drillsDe),
});
