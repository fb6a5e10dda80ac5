import { type AttachmentsText, attachmentsEn } from './text.attachments.en.ts';

/** What is said of files, in the reader's language. */
export const attachmentsText: AttachmentsText = attachmentsEn;
