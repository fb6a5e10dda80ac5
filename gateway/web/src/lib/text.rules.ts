import { inLanguage } from './locale.ts';
import { type RulesText, rulesEn } from './text.rules.en.ts';

/** What is said of how a person wants to be notified, in the reader's language. */
export const rulesText: RulesText = await inLanguage(rulesEn, {
  de: () => import('./text.rules.de.ts').then((file) => file.rulesDe),
});
