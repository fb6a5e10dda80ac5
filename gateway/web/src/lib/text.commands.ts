import { inLanguage } from './locale.ts';
import { type CommandText, commandsEn } from './text.commands.en.ts';

/** What commands are called, in the reader's language. */
export const commandText: CommandText = await inLanguage(commandsEn, {
  de: () => import('./text.commands.de.ts').then((file) => file.commandsDe),
});
