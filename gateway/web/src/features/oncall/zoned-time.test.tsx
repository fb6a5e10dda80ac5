import { render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  localStorage.setItem('altis.locale', 'en-GB');
  localStorage.removeItem('altis.timeZone');
});

/** What somebody reads of an instant that concerns an engineer of a zone. */
async function read(locale: string, timeZone: string, zone: string) {
  vi.resetModules();
  localStorage.setItem('altis.locale', locale);
  localStorage.setItem('altis.timeZone', timeZone);
  const { ZonedTime } = await import('./zoned-time.tsx');
  const { container } = render(<ZonedTime at="2026-11-24T23:30:00Z" zone={zone} />);
  const time = container.querySelector('time');
  return { shown: time?.textContent, title: time?.title, beside: container.querySelector('.muted')?.textContent };
}

it.each([
  ['en-GB', 'Europe/London', 'Tue 24 Nov, 23:30', 'Wed 25 Nov, 00:30 in Madrid'],
  ['en-US', 'America/New_York', 'Tue, Nov 24, 06:30 PM', 'Wed, Nov 25, 12:30 AM in Madrid'],
  ['de-DE', 'Asia/Tokyo', 'Mi., 25. Nov., 08:30', 'Mi., 25. Nov., 00:30 in Madrid'],
])('is in the words and the zone of the reader: %s, %s', async (locale, timeZone, shown, there) => {
  const plain = (said: string | undefined | null) => said?.replace(/\s/g, ' ').trim();
  const told = await read(locale, timeZone, 'Europe/Madrid');
  expect(plain(told.shown)).toBe(shown);
  expect(plain(told.title)).toContain(there);
  expect(plain(told.beside)).toBe(there);
});

it('names the whole instant, and nothing of a clock that shows the same', async () => {
  const same = await read('en-GB', 'Europe/Berlin', 'Europe/Madrid');
  expect(same.beside).toBeUndefined();
  expect(same.title).toMatch(/Wednesday,? 25 November 2026/);
  const other = await read('en-GB', 'Europe/London', 'Europe/Madrid');
  expect(other.title).toMatch(/Tuesday,? 24 November 2026.*Wed 25 Nov, 00:30 in Madrid/s);
});
