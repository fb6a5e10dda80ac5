import { inLanguage } from './locale.ts';
import { type NoticesText, noticesEn } from './text.notices.en.ts';

/** What the choice of notices says, in the reader's language. */
export const noticesText: NoticesText = await inLanguage(noticesEn, {
  de: () => import('./text.notices.de.ts').then((file) => file.noticesDe),
});
