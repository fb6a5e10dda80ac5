import { inLanguage } from './locale.ts';
import { type ApplicationsText, applicationsEn } from './text.applications.en.ts';

/** What the page of applications says, in the reader's language. */
export const applicationsText: ApplicationsText = await inLanguage(applicationsEn, {
  de: () => import('./text.applications.de.ts').then((file) => file.applicationsDe),
});
