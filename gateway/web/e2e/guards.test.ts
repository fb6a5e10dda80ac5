import assert from 'node:assert/strict';
import type { Browser, Page, Route } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertQuiet,
  expectComplaints,
  forgetComplaints,
  hurry,
  leave,
  logIn,
  newPage,
  startBrowser,
} from './browser.ts';
import { logins, url } from './demo.ts';
import { createTicket, deafen, enter, open, pageOf } from './desk.ts';

let browser: Browser;
const customer = logins.customer;

beforeAll(async () => {
  browser = await startBrowser();
});

/** Opens an incident of the demo that is still open. */
async function openTicket(): Promise<Page> {
  const page = await open(browser, 'customer', '/tickets?q=gift'); // it may be far down by now
  await page
    .getByRole('list', { name: 'Tickets' })
    .getByRole('link')
    .filter({ hasText: 'Gift cards are rejected' })
    .click();
  await page.getByLabel('Your reply').waitFor();
  return page;
}

it('does not say which of address and password is wrong', async () => {
  const page = await newPage(browser, url);
  await page.goto('/login');
  expectComplaints(page, /status of 401/);
  const said: (string | null)[] = [];
  for (const email of [customer.email, 'nobody@brickyard.example']) {
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    said.push(await page.getByRole('alert').textContent());
    assert.equal(await page.getByLabel('Password').inputValue(), '');
  }
  assert.equal(said[0], said[1]);
  await leave(page);
});

it('brings people back to where they wanted to go, and only there', async () => {
  const page = await newPage(browser, url);
  await page.goto('/tickets?tab=previous');
  await page.waitForURL(/\/login\?next=/);
  await page.getByRole('button', { name: /Priya Raman/ }).click();
  await page.getByRole('link', { name: 'Previous' }).and(page.locator('[aria-current=page]')).waitFor();
  await page.goto('/login?next=//evil.example');
  await page.getByRole('button', { name: /Priya Raman/ }).click();
  await page.getByRole('list', { name: 'Tickets' }).waitFor();
  assert.equal(new URL(page.url()).host, new URL(url).host);
  await leave(page);
});

it('keeps what was typed when the session ends', async () => {
  const page = await openTicket();
  await page.getByLabel('Your reply').fill('Typed before the session ended.');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Send reply' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.waitFor();
  await assertAccessible(page, 'session-ended');
  await dialog.getByLabel('Password').fill(customer.password);
  await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('article').filter({ hasText: 'Typed before the session ended.' }).waitFor();
  assert.equal(await page.getByRole('article').filter({ hasText: 'Typed before the session ended.' }).count(), 1);
  assert.ok(
    forgetComplaints(page).every((said) => said.includes('401')),
    'nothing but the refused requests',
  );
  await leave(page);
});

it('keeps what was typed for who logs out, and for nobody else', async () => {
  const number = await createTicket('Shall I finish this tomorrow?');
  const page = await newPage(browser, url);
  const field = page.getByLabel('Your reply');
  const logOut = async () => {
    await page.getByRole('button', { name: /^Account:/ }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  };
  await logIn(page, customer);
  await page.goto(`/tickets/${number}`);
  await field.fill('Typed on the evening before.');
  await logOut();

  await logIn(page, logins.agent);
  await page.goto(`/tickets/${number}`);
  await page.getByRole('region', { name: 'Properties' }).waitFor();
  assert.equal(await field.inputValue(), '');
  await logOut();

  await logIn(page, customer);
  await page.goto(`/tickets/${number}`);
  await page.getByText('We kept your draft.').waitFor();
  assert.equal(await field.inputValue(), 'Typed on the evening before.');
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByRole('article').filter({ hasText: 'Typed on the evening before.' }).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('sends once what had to be sent twice', async () => {
  const page = await openTicket();
  expectComplaints(page, /ERR_CONNECTION_RESET/);
  await page.getByLabel('Your reply').fill('Sent over a bad connection.');
  // The request arrives, its answer does not.
  await page.route('**/v1/tickets/*:reply', async (route: Route) => {
    await route.fetch();
    await route.abort('connectionreset');
  });
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByText('You are offline, or the server cannot be reached.').waitFor();
  await page.unroute('**/v1/tickets/*:reply');
  await page.reload();
  await page.getByText('We kept your draft.').waitFor();
  assert.equal(await page.getByLabel('Your reply').inputValue(), 'Sent over a bad connection.');
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByText('Reply sent.').waitFor();
  assert.equal(await page.getByRole('article').filter({ hasText: 'Sent over a bad connection.' }).count(), 1);
  await leave(page);
});

it.each([
  [500, {}, 'Something went wrong on our side.'],
  [503, {}, 'Something on our side is not answering.'],
  [429, { 'Retry-After': '7' }, 'Please wait 7 seconds.'],
])('says what a %d means, with the way on', async (status, headers, sentence) => {
  const page = await pageOf(browser, 'customer');
  expectComplaints(page, new RegExp(`status of ${status}`));
  await page.clock.install();
  const body = JSON.stringify({ status, detail: 'secret', reason: 'X', traceId: '0af7651916cd43dd8448eb211c80319c' });
  const answer = { status, headers, body, contentType: 'application/problem+json' };
  await page.route('**/v1/tickets?*', (route) => route.fulfill(answer));
  await page.goto('/tickets?tab=all');
  const alert = page.getByRole('alert').filter({ hasText: sentence });
  await (status < 500 ? alert.waitFor() : hurry(page, alert)); // it was tried again
  await page.getByText('Request 0af7651916cd43dd8448eb211c80319c').waitFor();
  await page.getByText('sysops@altis.example').waitFor();
  await assertAccessible(page, `error-${status}`);
  await page.unroute('**/v1/tickets?*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('list', { name: 'Tickets' }).waitFor();
});

it('keeps few rows of many in the document', async () => {
  const page = await pageOf(browser, 'customer');
  const [ticket] = (await (await page.request.get('/v1/tickets?pageSize=1')).json()).tickets;
  await page.route('**/v1/tickets?*', (route) => {
    const first = Number(new URL(route.request().url()).searchParams.get('pageToken') || 0);
    const tickets = Array.from({ length: 50 }, (_, n) => ({ ...ticket, number: String(first + n + 1) }));
    const nextPageToken = first + 50 < 10_000 ? String(first + 50) : '';
    return route.fulfill({ json: { tickets, nextPageToken, filterIssues: [] } });
  });
  await page.goto('/tickets?tab=all');
  const rows = page.getByRole('list', { name: 'Tickets' }).getByRole('listitem');
  await rows.first().waitFor();
  const emergency = await page.getByRole('link', { name: 'sysops@altis.example' }).boundingBox();
  expect(emergency?.y, 'the address of last resort is seen at once').toBeLessThan(400);
  for (let n = 0; n < 8; n++) {
    await rows.first().waitFor();
    const count = await rows.count();
    expect(count).toBeLessThanOrEqual(40);
    // A turn of the wheel could come before the browser draws the longer page, and end where the shorter one does.
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.getByText(`The first ${50 * (n + 2)} tickets`).waitFor();
  }
  await leave(page);
});

it.each([
  ['customer', '/tickets?tab=all'],
  ['agent', '/queue'],
] as const)('asks once for what a list of the %s goes on with, when it does not come', async (who, path) => {
  const page = await pageOf(browser, who);
  const [ticket] = (await (await page.request.get('/v1/tickets?pageSize=1')).json()).tickets;
  expectComplaints(page, /status of 429/);
  await deafen(page); // it has all loaded once more when it begins to hear
  let further = 0;
  let refuse = true;
  await page.route('**/v1/tickets?*', (route) => {
    const token = new URL(route.request().url()).searchParams.get('pageToken');
    if (token) further++;
    if (token && refuse) return route.fulfill({ status: 429, json: { detail: 'Later.', reason: 'RATE_LIMITED' } });
    const tickets = Array.from({ length: 20 }, (_, n) => ({ ...ticket, number: String(n + (token ? 21 : 1)) }));
    return route.fulfill({ json: { tickets, nextPageToken: token ? '' : 'more', filterIssues: [] } });
  });
  await page.goto(path);
  await page.getByRole('list', { name: 'Tickets' }).getByRole('listitem').first().waitFor();
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  const alert = page.getByRole('alert');
  await alert.waitFor();
  await page.mouse.wheel(0, -300);
  await page.mouse.wheel(0, 300);
  assert.equal(further, 1);
  refuse = false;
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator('[aria-setsize="40"]').first().waitFor();
  assert.equal(further, 2);
  await leave(page);
});

it('sends nothing as somebody else who logs in meanwhile', async () => {
  const page = await pageOf(browser, 'customer');
  const number = await createTicket('Whose browser is it?');
  await page.goto(`/tickets/${number}`);
  await page.getByLabel('Your reply').fill('Only I may say this.');
  const other = await page.context().newPage();
  await other.goto('/tickets');
  await enter(page.context(), 'agent'); // as a logout and a login in the other tab do
  await other.goto('/queue');
  await other.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  // The first tab is the other's now, without what was typed.
  await page.getByRole('region', { name: 'Properties' }).waitFor();
  assert.equal(await page.getByLabel('Your reply').inputValue(), '');
  await leave(page);
});
