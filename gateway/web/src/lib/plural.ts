import { lazy } from './lazy.ts';
import { type Language, languageOf, locale } from './locale.ts';

/** The forms of a counted sentence, by the rules of its language; some languages have more than two. # is the number. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** Says how many, in the form that the number asks for: plural(2, { one: '# ticket', other: '# tickets' }). */
export type Plural = (n: number, forms: Forms, digits?: string) => string;

/**
 * The plurals of a language. Digits are grouped as the reader is used to, if it is the reader's language; `digits` says
 * them otherwise ("1,000+").
 */
export function pluralIn(language: Language): Plural {
  const rules = lazy(() => new Intl.PluralRules(language));
  const numbers = lazy(() => new Intl.NumberFormat(languageOf(locale) === language ? locale : language));
  return (n, forms, digits = numbers().format(n)) =>
    (forms[rules().select(n)] ?? forms.other).replace('#', () => digits);
}
