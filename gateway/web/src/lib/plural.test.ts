import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Language } from './locale.ts';

beforeEach(() => vi.resetModules());
afterEach(() => localStorage.setItem('altis.locale', 'en-GB'));

/** The plurals of a language to somebody whose account has a locale. */
async function pluralOf(account: string, language: Language) {
  localStorage.setItem('altis.locale', account);
  return (await import('./plural.ts')).pluralIn(language);
}

describe('plurals', () => {
  it.each<[string, Language, number, string]>([
    ['en-GB', 'en', 0, '0 many'],
    ['en-GB', 'en', 1, '1 single'],
    ['en-GB', 'en', 2, '2 many'],
    ['en-GB', 'en', 1000, '1,000 many'],
    ['de-DE', 'de', 0, '0 many'],
    ['de-DE', 'de', 1, '1 single'],
    ['de-DE', 'de', 2, '2 many'],
    ['de-DE', 'de', 1000, '1.000 many'],
    ['en-IN', 'en', 100_000, '1,00,000 many'],
    ['en-GB', 'de', 1000, '1.000 many'], // German all the same
  ])('to a reader of %s in %s of %i: %s', async (account, language, n, want) => {
    const plural = await pluralOf(account, language);
    expect(plural(n, { one: '# single', other: '# many' })).toBe(want);
  });

  it('say digits as they are told to, and need only the forms that differ', async () => {
    const plural = await pluralOf('en-GB', 'en');
    expect(plural(1000, { one: '# single', other: '# many' }, '1,000+')).toBe('1,000+ many');
    expect(plural(1, { one: 'just $&', other: '#' })).toBe('just $&');
    expect(plural(1, { other: 'all #' }, '$&')).toBe('all $&');
  });
});

describe('counted sentences', () => {
  it.each([
    [0, '0 tickets', '0 tickets no longer match — hide', 'Too many requests. Please wait 0 seconds.'],
    [1, '1 ticket', '1 new ticket, 1 no longer matches — show', 'Too many requests. Please wait 1 second.'],
    [2, '2 tickets', '2 new tickets, 2 no longer match — show', 'Too many requests. Please wait 2 seconds.'],
    [
      1000,
      '1,000 tickets',
      '1,000 new tickets, 1,000 no longer match — show',
      'Too many requests. Please wait 1,000 seconds.',
    ],
  ])('in English of %i', async (n, count, news, wait) => {
    const { ticketText } = await import('./text.ticket.ts');
    const { text } = await import('./text.ts');
    expect([ticketText.list.count(n, false), ticketText.list.news(n, n), text.errors.tooMany(n)]).toEqual([
      count,
      news,
      wait,
    ]);
  });

  it.each([
    [0, '0 Tickets', '0 Tickets passen nicht mehr — ausblenden', 'Zu viele Anfragen. Bitte warten Sie 0 Sekunden.'],
    [
      1,
      '1 Ticket',
      '1 neues Ticket, 1 passt nicht mehr — anzeigen',
      'Zu viele Anfragen. Bitte warten Sie eine Sekunde.',
    ],
    [
      2,
      '2 Tickets',
      '2 neue Tickets, 2 passen nicht mehr — anzeigen',
      'Zu viele Anfragen. Bitte warten Sie 2 Sekunden.',
    ],
    [
      1000,
      '1.000 Tickets',
      '1.000 neue Tickets, 1.000 passen nicht mehr — anzeigen',
      'Zu viele Anfragen. Bitte warten Sie 1.000 Sekunden.',
    ],
  ])('in German of %i', async (n, count, news, wait) => {
    localStorage.setItem('altis.locale', 'de');
    const { ticketText } = await import('./text.ticket.ts');
    const { text } = await import('./text.ts');
    expect([ticketText.list.count(n, false), ticketText.list.news(n, n), text.errors.tooMany(n)]).toEqual([
      count,
      news,
      wait,
    ]);
  });

  it.each([
    ['en-GB', 0, 1, '1 ticket no longer matches — hide'],
    ['en-GB', 3, 0, '3 new tickets — show'],
    ['en-GB', 3, 1, '3 new tickets, 1 no longer matches — show'],
    ['de', 0, 1, '1 Ticket passt nicht mehr — ausblenden'],
    ['de', 1, 0, '1 neues Ticket — anzeigen'],
    ['de', 1, 2, '1 neues Ticket, 2 passen nicht mehr — anzeigen'],
  ])('in %s of %i that are new and %i that have left', async (language, fresh, gone, want) => {
    localStorage.setItem('altis.locale', language);
    const { ticketText } = await import('./text.ticket.ts');
    expect(ticketText.list.news(fresh, gone)).toBe(want);
  });
});
