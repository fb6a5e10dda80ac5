import { inLanguage } from './locale.ts';
import { type CreateText, createEn } from './text.create.en.ts';

/** What the form of a new ticket says, in the reader's language. */
export const createText: CreateText = await inLanguage(createEn, {
  de: () => import('./text.create.de.ts').then((file) => file.createDe),
});
