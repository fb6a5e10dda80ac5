import { describe, expect, it } from 'vitest';
import { adopt, chooseLocale, chooseZone, language, locale, timeZone } from './locale.ts';

describe('chooseLocale', () => {
  it.each([
    ['', ['en-US', 'de'], 'en-US'],
    ['', ['fr-FR', 'de-AT', 'en'], 'de-AT'],
    ['', ['fr-FR'], 'en-GB'],
    ['', [], 'en-GB'],
    ['de', ['en-GB'], 'de-DE'],
    ['de', ['en-GB', 'de-CH'], 'de-CH'],
    ['de-AT', ['de-CH'], 'de-AT'],
    ['en', ['en-US'], 'en-US'],
    ['fr', ['de'], 'de-DE'],
    ['not a tag', ['en-GB'], 'en-GB'],
    ['de-', ['en-GB'], 'en-GB'],
  ])('of the account %j and the browser %j is %s', (account, browser, want) => {
    expect(chooseLocale(account, browser)).toBe(want);
  });
});

describe('chooseZone', () => {
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  it.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['', device],
    ['UTC', device],
    ['Etc/UTC', 'Etc/UTC'],
    ['Nowhere/Land', device],
  ])('of the account %j is %s', (account, want) => {
    expect(chooseZone(account)).toBe(want);
  });
});

describe('adopt', () => {
  it('asks for a new page only if something differs, and if it can be remembered', () => {
    expect([language, locale]).toEqual(['en', 'en-GB']);
    expect(adopt({ locale: 'en-GB', timeZone: timeZone() })).toBe(false);
    expect(adopt({ locale: 'de', timeZone: timeZone() })).toBe(true);
    expect(localStorage.getItem('altis.locale')).toBe('de');
    expect(adopt({ locale: 'en-GB', timeZone: 'Asia/Tokyo' })).toBe(true);
  });
});
