import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  expectComplaints,
  hasFocus,
  leave,
  phone,
  startBrowser,
} from './browser.ts';
import { call, createTicket, deafen, open, pageOf, pick } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const list = (page: Page) => page.getByRole('list', { name: 'Tickets' });
const rows = (page: Page) => list(page).getByRole('link');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.closest('li')?.dataset.number);

async function queue(search = '', view = desk): Promise<Page> {
  const page = await open(browser, 'agent', `/queue${search}`, view);
  await rows(page).first().waitFor();
  return page;
}

it('is narrowed down by chips, which are the text of the query', async () => {
  const page = await queue();
  await page.getByRole('button', { name: 'Type: any' }).click();
  await page.getByRole('option', { name: 'Incident' }).click();
  await page.getByRole('option', { name: 'Ongoing issue' }).click();
  await assertAccessible(page, 'queue-chip');
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByLabel('Query tickets').inputValue()).toBe('is:open type:incident,problem');
  await page.getByRole('button', { name: 'Type: Incident, Ongoing issue' }).waitFor();
  await page.getByRole('button', { name: 'Organization: any' }).click();
  await page.getByRole('combobox', { name: 'Find an organization' }).fill('brick');
  await page.getByRole('option', { name: 'Brickyard Stores' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/Brickyard/);
  await page.keyboard.press('Escape');
  await expect
    .poll(async () => {
      const shown = await rows(page).allTextContents();
      return shown.length > 0 && shown.every((row) => row.includes('Brickyard Stores'));
    })
    .toBe(true);

  // A chip reads what was typed.
  await page.getByLabel('Query tickets').fill('is:unassigned is:solved assignee:@me');
  await page.getByLabel('Query tickets').press('Enter');
  await page.getByRole('button', { name: 'Assignee: Me' }).waitFor();
  await page.getByRole('button', { name: 'Flags: Unassigned' }).waitFor();
  await page.getByRole('button', { name: 'Status: Solved' }).waitFor();
  await page.getByText('No ticket here').waitFor();
  await hasFocus(page.getByLabel('Query tickets'));
  await page.getByRole('link', { name: 'Unassigned', exact: true }).click();
  await page.getByRole('link', { name: 'Unassigned', exact: true }).and(page.locator('[aria-current=page]')).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('is worked through by keys, with the ticket beside the list', async () => {
  const page = await queue('?q=is:solved,closed&order=oldest');
  await rows(page).first().focus();
  const first = await focused(page);
  await page.keyboard.press('j');
  await expect.poll(() => focused(page)).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(() => focused(page)).toBe(first);
  await page.keyboard.press('Enter');
  const pane = page.getByRole('region', { name: `Ticket #${first}` });
  await pane.getByRole('heading', { level: 2 }).first().waitFor();
  await pane.getByRole('list', { name: 'Conversation' }).waitFor();
  assert.equal(await focused(page), first, 'the list keeps the focus');
  await assertAccessible(page, 'queue-split');

  // Keys are letters again where one types.
  await page.getByLabel('Query tickets').focus();
  await page.keyboard.type(' jkx');
  await expect.poll(() => page.getByLabel('Query tickets').inputValue()).toMatch(/ jkx$/);
  await rows(page).first().focus();
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'detached' });

  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  await expect.poll(() => focused(page)).toBe(first);

  // For who has turned letters off, they do nothing.
  await page.keyboard.press('j');
  const second = await focused(page);
  await page.evaluate(() => localStorage.setItem('altis.singleKeys', 'off'));
  await page.reload();
  await rows(page).first().focus();
  for (const key of ['x', 'j', 'ArrowDown']) await page.keyboard.press(key);
  await expect.poll(() => focused(page)).toBe(second);
  assert.equal(await page.getByText('1 marked').count(), 0);
  assertQuiet(page);
  await leave(page);
});

it('comes back as it was left', async () => {
  const page = await queue('?q=is:closed', { width: 1000, height: 700, scheme: 'light' });
  await rows(page).first().focus();
  for (let n = 0; n < 14; n++) await page.keyboard.press('j');
  const number = await focused(page);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  const top = await page.evaluate(() => window.scrollY);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Properties' }).waitFor();
  await page.goBack();
  await expect.poll(() => focused(page)).toBe(number);
  assert.ok(page.url().includes('q=is'), page.url());
  await expect.poll(async () => Math.abs((await page.evaluate(() => window.scrollY)) - top)).toBeLessThan(70);
  assertQuiet(page);
  await leave(page);
});

it('changes many tickets, and says what became of each', async () => {
  const numbers: string[] = [];
  for (const name of ['one', 'two', 'three']) numbers.push(await createTicket(`Bulkhead ${name}`));
  const page = await pageOf(browser, 'agent');
  expectComplaints(page, /ERR_FAILED/);
  // Without live changes, and answers of what has changed, the agent looks at old tickets.
  await deafen(page);
  await page.route(/\/v1\/tickets\?filter=number/, (route) => route.abort());
  await page.goto('/queue?q=Bulkhead');
  await rows(page).nth(2).waitFor();
  await rows(page).first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  await page.getByText('3 marked').waitFor();
  await assertAccessible(page, 'queue-bulk');
  await pick(page, 'Assign to: choose', /Jonas Weber/);
  await page.getByText('3 tickets changed.').waitFor();
  await list(page).getByText('Assigned to Jonas Weber').nth(2).waitFor({ state: 'attached' });

  // One is refused, the others are changed.
  await call('engineer', 'PATCH', `/v1/tickets/${numbers[1]}`, { tags: ['seen'] });
  const batches: unknown[] = [];
  page.on('request', (request) => request.url().endsWith(':batchUpdate') && batches.push(request.postDataJSON()));
  for (const number of numbers) await page.getByRole('checkbox', { name: `Mark #${number}` }).check();
  await pick(page, 'Status: choose', 'On hold');
  await page.getByText('2 tickets changed, 1 not.').waitFor();
  await page.getByText(`#${numbers[1]} Bulkhead two: somebody else changed it in the meantime`).waitFor();
  assert.equal(batches.length, 1, 'one request for all of them');
  await page.getByText('1 marked').waitFor();

  // What became of them belongs to the list that they were in.
  await page.getByLabel('Query tickets').fill('Bulkhead one');
  await page.getByLabel('Query tickets').press('Enter');
  await page.getByText('2 tickets changed, 1 not.').waitFor({ state: 'detached' });
  await leave(page);
});

it('has news without moving anything', async () => {
  const page = await queue();
  await rows(page).nth(1).focus();
  const before = await focused(page);
  const first = await rows(page).first().getAttribute('href');
  const number = await createTicket('News for the bell');
  await page.getByRole('button', { name: /^News, [1-9]/ }).waitFor();
  const fresh = page.getByRole('button', { name: /^\d+ new ticket/ });
  await fresh.waitFor();
  assert.equal(await rows(page).first().getAttribute('href'), first, 'nothing moves by itself');
  assert.equal(await focused(page), before, 'the focus stays');
  await fresh.click();
  await rows(page).first().filter({ hasText: 'News for the bell' }).waitFor();

  const bell = page.getByRole('button', { name: /^News/ });
  await bell.click();
  const news = page.getByRole('region', { name: 'News' });
  await assertAccessible(page, 'bell');
  await news.getByRole('link', { name: /New ticket.*News for the bell/ }).click();
  await page.getByRole('heading', { level: 1, name: 'News for the bell' }).waitFor();
  await page.getByRole('button', { name: 'News', exact: true }).waitFor();

  // Words in one's own ticket are news, too.
  await page.getByRole('button', { name: 'Assign to me' }).click();
  await page.getByText('assigned the ticket to Jonas Weber').waitFor();
  await page.getByRole('link', { name: 'Queue' }).first().click();
  await rows(page).first().waitFor();
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  await customer.getByLabel('Your reply').fill('Anybody there?');
  await customer.getByRole('button', { name: 'Send reply' }).click();
  await page.getByRole('button', { name: 'News, 1 new' }).click();
  await news.getByRole('link', { name: /New message.*News for the bell/ }).waitFor();
  assertQuiet(page);
  await leave(customer);
  await leave(page);
});

it('dims what somebody else takes out of the list, and lets it go when asked to', async () => {
  const numbers: string[] = [];
  for (const name of ['one', 'two', 'three']) numbers.push(await createTicket(`Moving on ${name}`));
  const [one = '', two = '', three = ''] = numbers;
  const page = await queue('?q=is:open Moving on');
  const row = (number: string) => list(page).locator(`li[data-number="${number}"]`);
  const order = () =>
    list(page)
      .locator('li')
      .evaluateAll((rows) => rows.map((item) => (item as HTMLElement).dataset.number));
  await row(three).waitFor();
  const before = await order();
  for (const number of [one, two]) await page.getByRole('checkbox', { name: `Mark #${number}` }).check();
  await page.getByText('2 marked').waitFor();

  // Somebody else solves one.
  const other = await open(browser, 'engineer', `/tickets/${two}`);
  await pick(other, /^Status:/, 'Solved');
  await row(two)
    .getByRole('link', { name: /Moving on two.*No longer in this list/ })
    .waitFor();
  const news = page.getByRole('button', { name: '1 ticket no longer matches — hide' });
  await news.waitFor();
  assert.equal(await page.getByRole('status').filter({ has: news }).count(), 1, 'it is said, too');
  assert.deepEqual(await order(), before, 'nothing moves by itself');
  await page.getByText('1 marked').waitFor();
  const mark = page.getByRole('checkbox', { name: `Mark #${two}` });
  assert.equal(await mark.isDisabled(), true);
  await row(two).getByRole('link').focus();
  await page.keyboard.press('x');
  assert.equal(await mark.isChecked(), false);
  // A range leaves it out.
  await row(three).getByRole('checkbox').click();
  await row(one)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await page.getByText('2 marked').waitFor();
  await assertAccessible(page, 'queue-gone');
  await page.getByRole('button', { name: 'Unmark all' }).click();

  // It is opened again: it belongs there.
  await pick(other, /^Status:/, 'Open');
  await row(two).getByText('No longer in this list').waitFor({ state: 'detached' });
  await news.waitFor({ state: 'detached' });

  // One's own change is no other.
  await row(one).getByRole('link').click();
  const pane = page.getByRole('region', { name: `Ticket #${one}` });
  await pane.getByRole('button', { name: /^Status:/ }).click();
  await page.getByRole('listbox').getByRole('option', { name: 'Solved' }).click();
  await row(one).getByText('No longer in this list').waitFor();
  await assertAccessible(page, 'queue-gone-split');
  assert.deepEqual(await order(), before);
  const fourth = await createTicket('Moving on four');
  await page.getByRole('button', { name: '1 new ticket, 1 no longer matches — show' }).click();
  await row(fourth).waitFor();
  await row(one).waitFor({ state: 'detached' });
  assert.deepEqual(new Set(await order()), new Set([fourth, three, two]));
  await pane.getByText('Moving on one').first().waitFor(); // what one works at stays

  // Only what has left goes: the rest stays as it is.
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/v1/tickets?') && asked.push(request.url()));
  await pick(other, /^Status:/, 'Solved');
  await news.click();
  await row(two).waitFor({ state: 'detached' });
  const others = asked.filter((url) => !new URL(url).searchParams.get('filter')?.startsWith('number:'));
  assert.deepEqual(others, []);
  assertQuiet(page);
  await leave(other);
  await leave(page);
});

it.each(['oldest', 'due', 'quiet'])('announces what comes in at another place: %s', async (order) => {
  const subject = `Last of all ${order}`;
  await createTicket(`${subject}, one`);
  const page = await queue(`?q=is:open "${subject}"&order=${order}`);
  const number = await createTicket(`${subject}, two`);
  await page.getByRole('button', { name: '1 new ticket — show' }).click();
  await list(page).locator(`li[data-number="${number}"][aria-posinset="2"]`).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('opens a ticket for a customer', async () => {
  const page = await queue();
  await page.getByRole('link', { name: 'New ticket for a customer' }).click();
  await page.getByRole('radio', { name: /Ask a question/ }).check({ force: true });
  await page.getByLabel('Subject').fill('Called us by phone');
  await page.getByLabel('Description').fill('Mara asks for the backup times.');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByText('Choose the organization.').waitFor();
  const organization = page.getByRole('button', { name: 'Organization: Choose' });
  await hasFocus(organization);
  const described = (await organization.getAttribute('aria-describedby')) ?? '';
  assert.equal(await page.locator(`[id="${described}"]`).textContent(), 'Choose the organization.');
  await pick(page, 'Organization: Choose', 'Fjordlight Media');
  await pick(page, 'Requester: Choose', /Mara Lindqvist/);
  await page.getByText('All applications and environments').click();
  await assertAccessible(page, 'create-for-customer');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByRole('heading', { level: 1, name: 'Called us by phone' }).waitFor();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByText('Fjordlight Media').waitFor();
  await details.getByText('Mara Lindqvist').waitFor();
  assertQuiet(page);
  await leave(page);
});

it('keeps few rows of ten thousand in the document', async () => {
  const page = await pageOf(browser, 'agent');
  const [ticket] = (await (await page.request.get('/v1/tickets?pageSize=1')).json()).tickets;
  const step = 1000; // more than are asked for: by hundreds one scrolls for a minute
  await page.route('**/v1/tickets?*', (route) => {
    const url = new URL(route.request().url());
    if (url.searchParams.get('filter') !== 'is:solved') return route.continue(); // not the list's
    assert.equal(url.searchParams.get('pageSize'), '100');
    const first = Number(url.searchParams.get('pageToken') || 0);
    const tickets = Array.from({ length: step }, (_, n) => ({ ...ticket, number: String(first + n + 1) }));
    const nextPageToken = first + step < 10_000 ? String(first + step) : '';
    return route.fulfill({ json: { tickets, nextPageToken, filterIssues: [] } });
  });
  await page.goto('/queue?q=is:solved');
  await rows(page).first().waitFor();
  // Each page is asked for when the end comes near; the end is reached by its key.
  await rows(page).first().focus();
  for (let loaded = step; loaded < 10_000; loaded += step) {
    await page.getByText(`${loaded.toLocaleString('en-GB')} tickets loaded`, { exact: true }).waitFor();
    expect(await list(page).getByRole('listitem').count()).toBeLessThanOrEqual(40);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  }
  await page.getByText('10,000 tickets', { exact: true }).waitFor();
  expect(await list(page).getByRole('listitem').count()).toBeLessThanOrEqual(40);
  await leave(page);
});

it('names the emergency address where it fails', async () => {
  const page = await pageOf(browser, 'agent');
  expectComplaints(page, /status of 400/);
  await page.route('**/v1/tickets?*', (route) => route.fulfill({ status: 400, json: { status: 400 } }));
  await page.goto('/queue');
  await page.getByRole('alert').filter({ hasText: 'The tickets could not be loaded' }).waitFor();
  await page.getByRole('complementary', { name: 'Emergency address' }).waitFor();
  await leave(page);
});

it('fits a phone', async () => {
  const page = await queue('', phone);
  await assertFits(page, 'queue-phone');
  await page.getByRole('button', { name: 'Assignee: any' }).click();
  await page.getByRole('option', { name: 'Me', exact: true }).waitFor();
  await assertFits(page, 'queue-list-phone');
  await page.keyboard.press('Escape');
  await rows(page).first().click();
  await page.getByRole('region', { name: 'Properties' }).waitFor();
  await assertFits(page, 'staff-ticket-phone');
  assertQuiet(page);
  await leave(page);
});

it('is nothing that customers find', async () => {
  const page = await pageOf(browser, 'customer');
  expectComplaints(page, /status of 403 .*\/v1\/views/); // the server has it asked for before anybody knows who comes
  for (const path of ['/queue', '/on-call', '/on-call/pages/x']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  }
  assert.equal(await page.getByRole('link', { name: 'Queue' }).count(), 0);
  await leave(page);
});
