import { inLanguage } from './locale.ts';
import { type PagesText, pagesEn } from './text.pages.en.ts';

/** What the history of a page says, in the reader's language. */
export const pagesText: PagesText = await inLanguage(pagesEn, {
  de: () => import('./text.pages.de.ts').then((file) => file.pagesDe),
});
