import { inLanguage } from './locale.ts';
import { type ContactsText, contactsEn } from './text.contacts.en.ts';

/** What the page of contacts says, in the reader's language. */
export const contactsText: ContactsText = await inLanguage(contactsEn, {
  de: () => import('./text.contacts.de.ts').then((file) => file.contactsDe),
});
