import type { Language } from './locale.ts';

/** What refusals are called in a language that the server does not speak. */
export interface FaultsText {
  /** By reason, of a whole request or of one of its fields: sentences that stand by themselves. */
  reasons: Record<string, Sentence>;
  /** By status, where nothing is known of the reason. */
  statuses: Record<number, string>;
  refused: string;
  wrong: string; // a field, of which no more is known
  /** Fields by their names in requests. */
  fields: Record<string, string>;
  named(field: string, sentence: string): string;
}

/** Some name the limit, which is the number in the server's sentence. */
export type Sentence = string | ((limit: number | undefined) => string);

/** They are loaded with the first refusal: most people never see one. English is what the server speaks. */
export const faultsText: Record<Exclude<Language, 'en'>, () => Promise<FaultsText>> = {
  de: () => import('./text.faults.de.ts').then((file) => file.faultsDe),
};
