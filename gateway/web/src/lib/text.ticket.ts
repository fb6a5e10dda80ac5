import { inLanguage } from './locale.ts';
import { type TicketText, ticketEn } from './text.ticket.en.ts';

/** What the pages of tickets say, in the reader's language. */
export const ticketText: TicketText = await inLanguage(ticketEn, {
  de: () => import('./text.ticket.de.ts').then((file) => file.ticketDe),
});
