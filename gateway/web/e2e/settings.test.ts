import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  expectComplaints,
  leave,
  newPage,
  openPalette,
  phone,
  startBrowser,
} from './browser.ts';
import { url } from './demo.ts';
import { enter, open } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

it('keeps settings with the account, and those of the device in the browser', async () => {
  const page = await open(browser, 'customer');
  await page.getByRole('button', { name: /Account: Priya Raman/ }).click();
  await assertAccessible(page, 'account-menu');
  await page.getByRole('link', { name: 'Settings' }).click();
  await heading(page, 'Settings').waitFor();
  try {
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your settings were saved.').waitFor();
    assert.equal(await page.getByLabel('Time zone').inputValue(), 'Asia/Tokyo');
    const { member } = await (await page.request.get('/v1/me')).json();
    assert.deepEqual([member.timeZone, member.locale], ['Asia/Tokyo', 'en']);

    // Times are shown and read in it.
    const year = new Date().getFullYear() + 1;
    await page.goto('/tickets/new?type=task');
    await page.getByText('Times are in your zone, Asia/Tokyo.').waitFor();
    await page.getByText('All applications and environments').click();
    await page.getByLabel('Subject').fill('At noon in Tokyo');
    await page.getByLabel('Description').fill('Please.');
    await page.getByLabel('Not before').fill(`${year}-01-15T12:00`);
    await page.getByRole('button', { name: 'Create ticket' }).click();
    await heading(page, 'At noon in Tokyo').waitFor();
    await page.getByText(`15 Jan ${year}, 12:00`).waitFor();
    const number = page.url().split('/').at(-1);
    const ticket = await (await page.request.get(`/v1/tickets/${number}`)).json();
    assert.equal(ticket.task.earliestTime, `${year}-01-15T03:00:00Z`);
  } finally {
    await restore(page);
  }
  await page.goto('/settings');
  await page.getByText('Dark', { exact: true }).click();
  await page.reload();
  await heading(page, 'Settings').waitFor();
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
  assertQuiet(page);
  await leave(page);
});

it('says what the server refuses, and changes nothing', async () => {
  const page = await open(browser, 'customer', '/settings');
  expectComplaints(page, /status of 400/);
  const detail = 'some fields are wrong';
  await page.route('**/v1/me', (route) =>
    route.request().method() === 'PATCH'
      ? route.fulfill({
          status: 400,
          contentType: 'application/problem+json',
          body: JSON.stringify({ status: 400, detail }),
        })
      : route.fallback(),
  );
  await page.getByLabel('Language').selectOption('de');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').filter({ hasText: detail }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await leave(page);
});

it('speaks German to whom it should', async () => {
  // Before anybody is known it is the browser's language.
  const page = await newPage(browser, url, desk, { locale: 'de-AT' });
  await page.goto('/login');
  await heading(page, 'Anmelden').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'de');
  await assertAccessible(page, 'login-de');
  // Then it is the account's.
  await page.getByRole('button', { name: /Priya Raman/ }).click();
  await page.getByRole('link', { name: 'Create New Ticket' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.goto('/settings');
  try {
    await page.getByLabel('Language').selectOption({ label: 'Deutsch' });
    await page.getByRole('button', { name: 'Save' }).click();
    await heading(page, 'Einstellungen').waitFor();
    await page.getByText('Ihre Einstellungen wurden gespeichert.').waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await assertAccessible(page, 'settings-de');
    await german(page);
    await page.setViewportSize(phone);
    for (const [path, title] of [
      ['/tickets', 'Support'],
      ['/tickets/new?type=incident', 'Neues Ticket'],
      ['/settings', 'Einstellungen'],
      ['/applications', 'Anwendungen'],
    ] as const) {
      await page.goto(path);
      await heading(page, title).waitFor();
      await assertFits(page, `phone-de${path.replace(/\W+/g, '-')}`);
    }
  } finally {
    await restore(page);
  }
  assertQuiet(page);
  await leave(page);
});

/** What a customer does, in German. */
async function german(page: Page) {
  await page.goto('/tickets');
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
  await assertAccessible(page, 'list-de');
  await page.getByRole('combobox', { name: 'Tickets durchsuchen' }).fill('stat:x');
  await page.keyboard.press('Enter');
  await page.getByText('ist kein Schlüssel einer Suche').waitFor();
  const palette = await openPalette(page, 'Befehle');
  await assertAccessible(page, 'palette-de');
  await palette.fill('storung');
  await page.keyboard.press('Enter');
  await heading(page, 'Neues Ticket').waitFor();
  await page.getByRole('radio', { name: /Dringend/ }).check({ force: true });
  await page.getByRole('button', { name: 'Ticket erstellen und alarmieren' }).click();
  await page.getByText(/Bitte korrigieren Sie/).waitFor();
  await assertAccessible(page, 'create-de');
  await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
  await page.goto('/tickets/new?type=question');
  await page.getByText('Alle Anwendungen und Umgebungen').click();
  await page.getByLabel('Betreff').fill('Grüße aus Köln');
  await page.getByLabel('Beschreibung').fill('Größe, Straße, Ärger.');
  await page.getByRole('button', { name: 'Ticket erstellen' }).click();
  await heading(page, 'Grüße aus Köln').waitFor();
  await page.getByRole('button', { name: 'Als gelöst markieren' }).click();
  await page.getByText('hat den Status auf „Gelöst“ gesetzt').waitFor();
  await assertAccessible(page, 'ticket-de');
  await page.goto('/tickets?tab=previous');
  await page
    .getByText(/^(gerade eben|vor \d Minuten?)$/)
    .first()
    .waitFor();
  await page.goto('/applications');
  await page
    .getByText(/offene[s]? Tickets?$/)
    .first()
    .waitFor();
  await assertAccessible(page, 'applications-de');
}

/** For the other tests, which share the account. */
async function restore(page: Page) {
  const origin = new URL(url).origin;
  const answer = await page.request.patch('/v1/me', {
    headers: { Origin: origin },
    data: { locale: 'en', timeZone: 'Europe/London' },
  });
  assert.equal(answer.status(), 200);
}

it('fits a phone', async () => {
  const page = await newPage(browser, url, phone);
  await page.goto('/login');
  await heading(page, 'Log in').waitFor();
  await assertFits(page, 'phone-login');
  await enter(page.context(), 'customer');
  for (const [path, title] of [
    ['/tickets?q=type%3Aincident%20app%3Ashop', 'Support'],
    ['/tickets/new?type=incident', 'New ticket'],
    ['/settings', 'Settings'],
  ] as const) {
    await page.goto(path);
    await heading(page, title).waitFor();
    await assertFits(page, `phone${path.split('?')[0]?.replace(/\W+/g, '-')}`);
  }
  await page.getByRole('button', { name: 'Menu' }).click();
  await assertFits(page, 'phone-menu');
  await page.getByRole('button', { name: /Account: Priya Raman/ }).click();
  await page.getByRole('button', { name: /Commands/ }).click();
  await page.getByRole('dialog', { name: 'Commands' }).waitFor();
  await assertFits(page, 'phone-palette');
  assertQuiet(page);
  await leave(page);
});

it('lets staff choose what they are mailed about', async () => {
  const page = await open(browser, 'agent', '/settings');
  const section = page.getByRole('region', { name: 'Mails about your work' });
  const kind = section.getByLabel('A new ticket of your team');
  const save = section.getByRole('button', { name: 'Save' });
  await kind.waitFor();
  assert.equal(await section.getByLabel(/assigned to you/).inputValue(), 'CHANNEL_MAIL');
  await kind.selectOption('Mail at once');
  const hours = section.getByRole('group', { name: 'Hours of the digest' });
  await hours.getByRole('checkbox', { name: '17:00' }).check({ force: true });
  await hours.getByRole('checkbox', { name: '08:00' }).uncheck({ force: true });
  await hours.getByRole('checkbox', { name: '17:00' }).uncheck({ force: true });
  await section.getByRole('alert').waitFor();
  await save.click(); // nothing is sent while no hour is chosen
  await assertAccessible(page, 'settings-notices');
  await page.setViewportSize(phone);
  await assertFits(page, 'settings-notices-phone');
  await page.setViewportSize(desk);
  await hours.getByRole('checkbox', { name: '17:00' }).check({ force: true });
  await save.click();
  await page.getByText('Your choice of mails was saved.').waitFor();
  await page.reload();
  await kind.waitFor();
  assert.equal(await kind.inputValue(), 'CHANNEL_MAIL');
  assert.ok(await hours.getByRole('checkbox', { name: '17:00' }).isChecked());
  assert.ok(!(await hours.getByRole('checkbox', { name: '08:00' }).isChecked()));
  assertQuiet(page);
  await leave(page);
});
