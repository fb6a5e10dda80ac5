import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertQuiet,
  hasFocus,
  keysReady,
  leave,
  openPalette,
  pressBoth,
  startBrowser,
  tabTo,
} from './browser.ts';
import { call, createTicket, open } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

async function list(who: 'customer' | 'agent' = 'customer'): Promise<Page> {
  const page = await open(browser, who);
  await rows(page).first().waitFor();
  await keysReady(page);
  return page;
}

const rows = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link');
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });

it('goes anywhere by the palette', async () => {
  const page = await list();
  const box = await openPalette(page);
  await palette(page).getByRole('option', { name: /#\d+ / }).first().waitFor();
  await assertAccessible(page, 'palette');
  await box.fill('settings');
  await page.keyboard.press('Enter');
  await heading(page, 'Settings').waitFor();

  // A ticket by a part of a word of its subject, while the field of another page has the focus.
  await page.keyboard.press('Control+k');
  await box.fill('gift ca');
  await palette(page)
    .getByRole('option', { name: /Gift cards/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await heading(page, /Gift cards/).waitFor();
  const number = page.url().split('/').at(-1) ?? '';

  await page.keyboard.press('Control+k');
  await box.fill('appearance dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme="dark"]').waitFor();

  await page.keyboard.press('Control+k');
  await box.fill('question');
  await page.keyboard.press('Enter');
  await heading(page, 'New ticket').waitFor();
  assert.equal(new URL(page.url()).searchParams.get('type'), 'question');

  await page.keyboard.press('Control+k');
  await box.fill(`#${number}`);
  await palette(page)
    .getByRole('option', { name: `Open ticket #${number}` })
    .waitFor();
  await page.keyboard.press('Enter');
  await heading(page, /Gift cards/).waitFor();

  await page.keyboard.press('Control+k');
  await box.fill('zzzzzz');
  await palette(page).getByText('Nothing found').last().waitFor();
  await page.keyboard.press('Escape');
  await palette(page).waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('lists its keys, and turns the single ones off', async () => {
  const page = await list();
  const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.keyboard.press('?');
  await keys.getByText('New ticket').waitFor();
  await assertAccessible(page, 'keys');
  await keys.getByRole('button', { name: 'Turn them off' }).click();
  await keys.getByText('are turned off').waitFor();
  await page.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await page.keyboard.press('Control+k');
  await palette(page).waitFor();
  assert.match(page.url(), /\/tickets$/, 'c does nothing');
  await page.keyboard.press('Escape');
  await palette(page).waitFor({ state: 'detached' });

  // It stays so, and the settings say so.
  await page.goto('/settings');
  const box = page.getByRole('checkbox', { name: /Keys without Ctrl/ });
  await box.waitFor();
  assert.equal(await box.isChecked(), false);
  await box.check({ force: true });
  await keysReady(page);
  await tabTo(page, page.getByRole('button', { name: 'Show all shortcuts' }));
  await pressBoth(
    page,
    'g',
    'p',
    page.getByRole('link', { name: 'Previous' }).and(page.locator('[aria-current=page]')),
  );
  assertQuiet(page);
  await leave(page);
});

it.each(['customer', 'agent'] as const)('marks a ticket as unread for %s, until it is read again', async (who) => {
  const subject = `Kept for later by ${who}`;
  const number = await createTicket(subject);
  const page = await open(browser, who, `/tickets/${number}`);
  await heading(page, subject).waitFor();
  await page.getByLabel('Your reply').waitFor();
  const row = page.locator('[data-row]').filter({ hasText: subject });
  const unread = page.locator('[data-unread]').filter({ hasText: subject });
  await keysReady(page);
  await page.keyboard.press('u');
  const box = page.getByRole('combobox', { name: 'Query tickets' });
  await box.fill(`"${subject}"`); // a queue shows the oldest first
  await page.keyboard.press('Enter');
  await unread.waitFor();
  await row.click();
  await page.getByLabel('Your reply').waitFor();
  await keysReady(page);
  await page.keyboard.press('Escape');
  await row.waitFor();
  await unread.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('walks through a list and its tickets by keys', async () => {
  const page = await list();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('href'));
  const first = await rows(page).nth(0).getAttribute('href');
  const second = await rows(page).nth(1).getAttribute('href');
  await page.keyboard.press('j');
  assert.equal(await focused(), first);
  await page.keyboard.press('j');
  assert.equal(await focused(), second);
  await page.keyboard.press('k');
  assert.equal(await focused(), first);
  await page.keyboard.press('o');
  await page.waitForURL(/\/tickets\/\d+$/);
  const one = page.url();
  await page.getByLabel('Your reply').waitFor();
  await page.keyboard.press(']');
  await page.waitForURL((url) => url.href !== one);
  await page.getByLabel('Your reply').waitFor();
  await page.keyboard.press('[');
  await page.waitForURL(one);
  await page.keyboard.press('Escape');
  await expect.poll(focused).toBe(first); // a new page takes it, and gives it to the row that was left
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Query tickets' });
  await hasFocus(box);
  await page.keyboard.type('c');
  assert.equal(await box.inputValue(), 'c', 'while typing a key is a letter');
  assertQuiet(page);
  await leave(page);
});

it('creates a ticket and answers without a mouse', async () => {
  const page = await list();
  await page.keyboard.press('c');
  await heading(page, 'New ticket').waitFor();
  const kind = page.getByRole('radio', { name: /Report an Incident/ });
  await tabTo(page, kind);
  await page.keyboard.press('ArrowUp'); // round to the last
  await page.getByRole('radio', { name: /Ask a question/, checked: true }).waitFor({ state: 'attached' });
  await tabTo(page, page.getByRole('checkbox', { name: 'All applications and environments' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByLabel('Subject'));
  await page.keyboard.type('Asked by keys only');
  await tabTo(page, page.getByLabel('Description'));
  await page.keyboard.type('Is a mouse needed?');
  await tabTo(page, page.getByLabel('CCs'));
  await page.keyboard.type('cto@brickyard.example');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Create ticket' }));
  await tabTo(page, page.getByLabel('CCs'));
  await page.keyboard.type('ops@brickyard.example');
  await page.keyboard.press('Control+Enter');
  await hasFocus(heading(page, 'Asked by keys only'));
  const people = page.getByRole('region', { name: 'CCs' });
  for (const cc of ['cto@brickyard.example', 'ops@brickyard.example']) await people.getByText(cc).waitFor();
  await page.keyboard.press('r');
  await hasFocus(page.getByLabel('Your reply'));
  await page.keyboard.type('It is not: e, c and ? are letters here.');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article').filter({ hasText: 'It is not: e, c and ? are letters here.' }).waitFor();
  await page.getByText('Reply sent.').waitFor();
  await tabTo(page, page.getByRole('link', { name: 'Skip to the content' }));
  await page.keyboard.press('e');
  await page.getByText('set the status to solved').waitFor();
  assertQuiet(page);
  await leave(page);
});

it('completes a query, and shows it in parts', async () => {
  const page = await list();
  const box = page.getByRole('combobox', { name: 'Query tickets' });
  const option = (name: RegExp) => page.getByRole('option', { name });
  await box.focus();
  await page.keyboard.type('ty');
  await option(/^type/).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await option(/^incident/).waitFor();
  await page.keyboard.type('inc');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => page.getByRole('option', { selected: true }).textContent()).toBe('incidentIncident');
  await assertAccessible(page, 'query-suggestions');
  await page.keyboard.press('Enter');
  await expect.poll(() => box.inputValue()).toBe('type:incident ');
  await page.keyboard.type('app:s');
  await option(/^shop/).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.type('hop is:closed');
  await page.keyboard.press('Enter');

  // The state is the tab; what is left are the chips.
  await page.getByRole('link', { name: 'Previous' }).and(page.locator('[aria-current=page]')).waitFor();
  const parts = page.getByRole('list', { name: 'Parts of the query' });
  await parts.getByText('Application').waitFor();
  await expect.poll(() => box.inputValue()).toBe('type:incident app:shop');
  await assertAccessible(page, 'query-chips');
  await parts.getByRole('button', { name: 'Remove type:incident' }).click();
  await page.waitForURL((url) => url.searchParams.get('q') === 'app:shop');
  await expect.poll(() => box.inputValue()).toBe('app:shop');
  await hasFocus(box); // it is not lost with the button
  await page.goBack();
  await parts.getByText('incident').waitFor();
  await expect.poll(() => box.inputValue()).toBe('type:incident app:shop'); // what is typed before would be lost

  await box.fill('prioritty:high is:opn');
  await page.keyboard.press('Enter');
  await page.getByText('is not a query key').waitFor();
  await parts.getByText('not understood').first().waitFor({ state: 'attached' });
  assertQuiet(page);
  await leave(page);
});

it('completes names of applications and environments of all organizations for staff', async () => {
  const page = await list('agent');
  await page.goto('/queue');
  const box = page.getByRole('combobox', { name: 'Query tickets' });
  const options = () => page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').allTextContents();
  const { applications } = await call<{ applications: { name: string }[] }>(
    'agent',
    'GET',
    '/v1/organizations/-/applications?namePrefix=S&pageSize=8',
  );
  const names = [...new Set(applications.map(({ name }) => name.toLowerCase()))].sort();
  assert.ok(names.includes('shop'));
  await box.fill('app:s');
  await expect.poll(options).toEqual(names.map((name) => (/[\s,]/.test(name) ? `"${name}"` : name)));
  await box.fill('env:st');
  await expect.poll(options).toEqual(['staging']);
  assertQuiet(page);
  await leave(page);
});

it('leads staff to the form of a ticket for a customer', async () => {
  const page = await list('agent');
  await page.keyboard.press('Control+k');
  await palette(page)
    .getByRole('option', { name: /^New ticket/ })
    .waitFor();
  assert.equal(
    await palette(page)
      .getByRole('option', { name: /^Report an Incident/ })
      .count(),
    0,
  );
  await page.keyboard.press('Escape');
  await palette(page).waitFor({ state: 'detached' });
  await page.keyboard.press('c');
  await heading(page, 'New ticket').waitFor();
  await pressBoth(page, 'g', 'a', heading(page, 'On call'));
  assertQuiet(page);
  await leave(page);
});

it('changes a ticket of staff by keys', async () => {
  const number = await createTicket('Changed by keys', { type: 'TICKET_TYPE_INCIDENT', priority: 'PRIORITY_URGENT' });
  const page = await open(browser, 'agent', `/tickets/${number}`);
  await heading(page, 'Changed by keys').waitFor();
  await page.getByRole('button', { name: /^Acknowledge/ }).waitFor(); // the engineers are paged a moment after it is there
  await keysReady(page);
  await page.keyboard.press('a');
  await page.getByRole('combobox', { name: 'Find a person' }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await page.getByRole('listbox', { name: 'Priority' }).waitFor();
  await page.keyboard.press('t'); // is for the list
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  const tag = page.getByRole('textbox', { name: 'Tags' });
  assert.equal(await tag.count(), 0);
  await page.keyboard.press('t');
  await expect.poll(() => tag.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.keyboard.press('y');
  await page
    .getByText(/acknowledged/)
    .first()
    .waitFor();
  assertQuiet(page);
  await leave(page);
});
