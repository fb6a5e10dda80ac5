import { inLanguage } from './locale.ts';
import { type MailText, mailEn } from './text.mail.en.ts';

/** What the pages of mail say, in the reader's language. */
export const mailText: MailText = await inLanguage(mailEn, {
  de: () => import('./text.mail.de.ts').then((file) => file.mailDe),
});
