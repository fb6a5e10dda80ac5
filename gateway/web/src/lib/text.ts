import { inLanguage } from './locale.ts';
import { en, type Text } from './text.en.ts';

/** What the dashboard says, in the reader's language. */
export const text: Text = await inLanguage(en, {
  de: () => import('./text.de.ts').then((file) => file.de),
});
