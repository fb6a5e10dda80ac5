import { lazy } from './lazy.ts';

/** The languages that the dashboard speaks, by their own names, with the region whose customs they follow by default. */
export const languages = {
  en: { name: 'English', region: 'en-GB' },
  de: { name: 'Deutsch', region: 'de-DE' },
} as const;

export type Language = keyof typeof languages;

/** What the account says of its owner. */
export interface Preferences {
  locale: string; // BCP 47
  timeZone: string; // IANA; see deviceZone
}

/**
 * What accounts have whose owner never chose a zone. It stands for the device's zone; who wants this very zone names it
 * Etc/UTC.
 */
export const deviceZone = 'UTC';
const systemZone = lazy(() => Intl.DateTimeFormat().resolvedOptions().timeZone);

const localeKey = 'altis.locale';
const zoneKey = 'altis.timeZone';

/** The account's choice as this browser remembers it, as texts are loaded before anybody is known. */
const remembered: Preferences = { locale: read(localeKey), timeZone: read(zoneKey) };

/** How dates and numbers are written; its language is the one of the texts. */
export const locale = chooseLocale(remembered.locale, navigator.languages);
export const language = languageOf(locale) ?? 'en';
/** In whose time the reader lives. */
export const timeZone = lazy(() => chooseZone(remembered.timeZone));

document.documentElement.lang = language;
// Where React Aria looks before it asks the browser.
Object.assign(window, { [Symbol.for('react-aria.i18n.locale')]: locale });

export function languageOf(tag: string): Language | undefined {
  const [language] = tag.toLowerCase().split('-');
  return (Object.keys(languages) as Language[]).find((known) => known === language);
}

/** The first wish that the dashboard can speak. A language without a region gets the one that the browser has with it. */
export function chooseLocale(account: string, browser: readonly string[]): string {
  const wishes = [account, ...browser].filter((tag) => languageOf(tag) && isLocale(tag));
  const first = languageOf(wishes[0] ?? '') ?? 'en';
  return wishes.find((tag) => languageOf(tag) === first && tag.includes('-')) ?? languages[first].region;
}

export function chooseZone(account: string): string {
  return account && account !== deviceZone && isZone(account) ? account : systemZone();
}

/** The text in the reader's language. English is at hand; better that than none, if the other does not come. */
export async function inLanguage<T>(english: T, others: Record<Exclude<Language, 'en'>, () => Promise<T>>): Promise<T> {
  if (language === 'en') return english;
  return others[language]().catch(() => english);
}

/**
 * Remembers what the account says. True if the page has to be loaded anew for it: everything on it was said already.
 * Where storage is blocked the browser's own language and zone stay.
 */
export function adopt(account: Preferences): boolean {
  if (account.locale === remembered.locale && account.timeZone === remembered.timeZone) return false;
  const same =
    chooseLocale(account.locale, navigator.languages) === locale && chooseZone(account.timeZone) === timeZone();
  try {
    localStorage.setItem(localeKey, account.locale);
    localStorage.setItem(zoneKey, account.timeZone);
  } catch {
    return false;
  }
  return !same;
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false; // not even a tag
  }
}

function isZone(name: string): boolean {
  try {
    return Boolean(Intl.DateTimeFormat(undefined, { timeZone: name }));
  } catch {
    return false;
  }
}
