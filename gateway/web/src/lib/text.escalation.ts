import { inLanguage } from './locale.ts';
import { type EscalationText, escalationEn } from './text.escalation.en.ts';

/** What the page of the escalation policy says, in the reader's language. */
export const escalationText: EscalationText = await inLanguage(escalationEn, {
  de: () => import('./text.escalation.de.ts').then((file) => file.escalationDe),
});
