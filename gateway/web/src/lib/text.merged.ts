import { inLanguage } from './locale.ts';
import { type MergedText, mergedEn } from './text.merged.en.ts';

/** What is said of duplicates and of where they go on, in the reader's language. */
export const mergedText: MergedText = await inLanguage(mergedEn, {
  de: () => import('./text.merged.de.ts').then((file) => file.mergedDe),
});
