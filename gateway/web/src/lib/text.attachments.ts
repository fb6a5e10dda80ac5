import { inLanguage } from './locale.ts';
import { type AttachmentsText, attachmentsEn } from './text.attachments.en.ts';

/** What is said of files, in the reader's language. */
export const attachmentsText: AttachmentsText = await inLanguage(attachmentsEn, {
  de: () => import('./text.attachments.de.ts').then((file) => file.attachmentsDe),
});
