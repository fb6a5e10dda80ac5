import { inLanguage } from './locale.ts';
import { type FeedsText, feedsEn } from './text.feeds.en.ts';

/** What is said of the links for calendar programs, in the reader's language. */
export const feedsText: FeedsText = await inLanguage(feedsEn, {
  de: () => import('./text.feeds.de.ts').then((file) => file.feedsDe),
});
