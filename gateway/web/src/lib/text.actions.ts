import { inLanguage } from './locale.ts';
import { type ActionsText, actionsEn } from './text.actions.en.ts';

/** What the dialogs in which staff act on a ticket say, in the reader's language. */
export const actionsText: ActionsText = await inLanguage(actionsEn, {
  de: () => import('./text.actions.de.ts').then((file) => file.actionsDe),
});
