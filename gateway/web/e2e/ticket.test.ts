import assert from 'node:assert/strict';
import type { Browser, Locator, Page, Route } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertQuiet,
  expectComplaints,
  forgetComplaints,
  hasFocus,
  leave,
  startBrowser,
} from './browser.ts';
import { call, createTicket, deafen, open, pageOf } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const rows = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link');

it('is solved, reopened, and has people added and removed', async () => {
  const number = await createTicket('Who else should know?');
  const page = await open(browser, 'customer', `/tickets/${number}`);
  const people: Locator = page.getByRole('region', { name: 'CCs' });
  await people.getByLabel('Add a CC').fill('nobody');
  await people.getByRole('button', { name: 'Add' }).click();
  await people.getByText('This is not an e-mail address.').waitFor();
  await people.getByLabel('Add a CC').fill('ops@brickyard.example');
  await people.getByRole('button', { name: 'Add' }).click();
  await page.getByText('changed the CCs: +ops@brickyard.example').waitFor();
  await people.getByRole('button', { name: 'Remove ops@brickyard.example' }).click();
  await people.getByText('Nobody gets copies.').waitFor();

  await page.getByRole('button', { name: 'Mark as solved' }).click();
  await page.getByText('set the status to solved').waitFor();
  const title = page.getByRole('heading', { level: 1 });
  await hasFocus(title); // what was pressed has gone
  await page.getByRole('button', { name: 'Reopen' }).click();
  await page.getByText('set the status to open').waitFor();
  await hasFocus(title);
  assertQuiet(page);
  await leave(page);
});

it('is raised to urgent with what engineers need to know', async () => {
  const incident = {
    sinceTime: new Date(Date.now() - 60 * 60_000).toISOString(),
    impact: 'Some cannot redeem.',
    callbackNumber: '+44 20 7946 0000',
  };
  const number = await createTicket('Vouchers fail more and more', { type: 'TICKET_TYPE_INCIDENT', incident });
  const page = await open(browser, 'customer', `/tickets/${number}`);
  await page.getByRole('button', { name: 'Raise to Urgent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Raise this incident to Urgent?' });
  await dialog.getByText(/^Pages \p{Lu}.* at once\.$/u).waitFor();
  await dialog.getByText(/^An urgent incident gets its first answer within \d+ (minutes?|hours?)\.$/).waitFor();
  await dialog.getByText('sysops@altis.example').waitFor();
  const impact = dialog.getByLabel('What is the impact?');
  const callback = dialog.getByLabel('Call-back number');
  assert.equal(await impact.inputValue(), incident.impact);
  assert.equal(await callback.inputValue(), incident.callbackNumber);
  assert.notEqual(await dialog.getByLabel('Since when?').inputValue(), '');
  await dialog.getByLabel('Since when?').fill(''); // nobody knows, after all

  // Nobody is paged by mistake, or without knowing why.
  const send = dialog.getByRole('button', { name: 'Page the engineers' });
  await impact.fill('');
  await send.click();
  await dialog.getByText('Say what is affected.').waitFor();
  await dialog.getByText('Confirm that engineers are to be paged').waitFor();
  await hasFocus(impact);
  await assertAccessible(page, 'raise');
  await impact.fill('Nobody can redeem.');
  await callback.fill('+44 20 7946 0077');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });

  // What was typed is there again, also after a reload, and stays when the server does not answer.
  const drafts = () =>
    page.evaluate(async () => {
      const opened = indexedDB.open('keyval-store');
      await new Promise((resolve) => opened.addEventListener('success', resolve));
      const keys = opened.result.transaction('keyval').objectStore('keyval').getAllKeys();
      await new Promise((resolve) => keys.addEventListener('success', resolve));
      opened.result.close();
      return keys.result.filter((key) => String(key).includes(':raise:'));
    });
  await expect.poll(drafts).toHaveLength(1);
  await page.reload();
  await page.getByRole('button', { name: 'Raise to Urgent' }).click();
  await expect.poll(() => callback.inputValue()).toBe('+44 20 7946 0077');
  await dialog.getByText('Page the on-call engineers now.').click();
  expectComplaints(page, /ERR_FAILED/);
  const url = `**/v1/tickets/${number}`;
  await page.route(url, (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()));
  await send.click();
  await dialog.getByRole('alert').waitFor();
  assert.equal(await impact.inputValue(), 'Nobody can redeem.');
  await page.unroute(url);
  await send.click();
  await page
    .getByText(/Paging the on-call engineers|The on-call engineers were paged/)
    .first()
    .waitFor();
  const details = page.getByRole('complementary', { name: 'Details' });
  await details.getByText('Nobody can redeem.').waitFor();
  assert.equal(await details.getByText('Since', { exact: true }).count(), 0);
  await details.getByRole('link', { name: '+44 20 7946 0077' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Raise to Urgent' }).count(), 0);
  await hasFocus(page.getByRole('heading', { level: 1 }));
  await expect.poll(drafts).toEqual([]);
  await leave(page);
});

it('says in general who is paged when the names do not come, and nothing of when', async () => {
  const page = await pageOf(browser, 'customer');
  expectComplaints(page, /status of 403/);
  await page.route('**/v1/onCall:notice', (route) => route.fulfill({ status: 403, json: { status: 403 } }));
  await page.route('**/v1/triage:evaluate', (route) => route.fulfill({ status: 403, json: { status: 403 } }));
  const answered = Promise.all(
    ['**/v1/onCall:notice', '**/v1/triage:evaluate'].map((path) => page.waitForResponse(path)),
  );
  await page.goto('/tickets/new?type=incident');
  await page.getByRole('radio', { name: /Urgent/ }).check({ force: true });
  await answered;
  await page.getByText('Pages the on-call engineers at once.').waitFor();
  assert.equal(await page.getByText('first answer within').count(), 0);
  assert.equal(await page.getByRole('alert').count(), 0);
  await leave(page);
});

it('goes on in a follow-up when it is closed', async () => {
  const page = await open(browser, 'customer', '/tickets?tab=previous&q=domain');
  await rows(page).filter({ hasText: 'brickyard-outlet.example' }).click();
  await page.getByText('This ticket is closed.').waitFor();
  const closed = page.url().split('/').at(-1);
  // What has to be mended is shown, also to who looks at a preview of it.
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Open a follow-up' }).click();
  await page.getByText('Write something first.').waitFor();
  await hasFocus(page.getByLabel('Your reply'));
  await page.getByLabel('Your reply').fill('The certificate has expired.');
  await page.getByRole('button', { name: 'Open a follow-up' }).click();
  await page.getByText('Follow-up of').waitFor();
  await page.getByRole('link', { name: `#${closed}`, exact: true }).waitFor();
  await page.getByRole('article').filter({ hasText: 'The certificate has expired.' }).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('cannot be changed while it is created, and comes back as it was when that fails', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question');
  const subject = page.getByLabel('Subject');
  const description = page.getByLabel('Description');
  await subject.fill('Typed once');
  await description.fill('All of it.');
  await page.getByText('All applications and environments').click();

  let answer: (part: Parameters<Route['fulfill']>[0]) => void = () => assert.fail('nothing was sent');
  await page.route(/\/v1\/tickets(\?|$)/, async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    await route.fulfill(await new Promise<Parameters<Route['fulfill']>[0]>((resolve) => (answer = resolve)));
  });
  const form = page.locator('form.create-form');
  const sent = page.getByRole('status').filter({ hasText: 'Creating…' });
  const send = async () => {
    await subject.press('Enter');
    await sent.waitFor();
    assert.equal(await form.getAttribute('aria-busy'), 'true');
    await page.keyboard.type(' and lost');
    await description.click({ force: true });
    await page.keyboard.type(' and lost');
    assert.equal(await form.evaluate((element) => element.contains(document.activeElement)), false);
  };
  const asBefore = async () => {
    await sent.waitFor({ state: 'detached' });
    assert.equal(await form.getAttribute('aria-busy'), null);
    assert.equal(await subject.inputValue(), 'Typed once');
    assert.equal(await description.inputValue(), 'All of it.');
  };

  await send();
  await assertAccessible(page, 'create-sending');
  answer({ status: 503, json: { status: 503, detail: 'not now' } });
  await page.getByRole('alert').waitFor();
  await asBefore();
  await hasFocus(subject);
  await page.keyboard.type('!');
  await page.keyboard.press('Backspace');

  // What has to be mended takes the focus.
  await send();
  await page.keyboard.press('Tab');
  assert.equal(await form.evaluate((element) => element.contains(document.activeElement)), false);
  const fields = [{ path: 'ticket.description', reason: 'TOO_LONG', description: 'is too long' }];
  answer({ status: 400, json: { status: 400, reason: 'INVALID_FIELD', detail: 'invalid', fields } });
  await page.getByText('is too long').first().waitFor();
  await asBefore();
  await hasFocus(description);

  forgetComplaints(page); // the browser reports what failed
  await page.unroute(/\/v1\/tickets(\?|$)/);
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByRole('heading', { level: 1, name: 'Typed once' }).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('is discarded only when that is meant, once something was written', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question');
  const discard = page.getByRole('button', { name: 'Discard draft' });
  await page.getByLabel('Subject').fill('Long to write');
  await discard.click();
  const dialog = page.getByRole('dialog', { name: 'Discard what you have written?' });
  await dialog.waitFor();
  await assertAccessible(page, 'create-discard');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await hasFocus(discard);
  assert.equal(await page.getByLabel('Subject').inputValue(), 'Long to write');
  await discard.click();
  await dialog.getByRole('button', { name: 'Discard draft' }).click();
  await page.waitForURL(/\/tickets$/);
  await page.goto('/tickets/new?type=question');
  await page.getByLabel('Subject').waitFor();
  assert.equal(await page.getByLabel('Subject').inputValue(), '');
  assertQuiet(page);
  await leave(page);
});

it('has a draft of its own in every tab', async () => {
  const path = '/tickets/new?type=question';
  const one = await open(browser, 'customer', path);
  const subject = (page: Page) => page.getByLabel('Subject');
  const begin = async (page: Page, text: string) => {
    await subject(page).fill(text);
    await page.getByText('Draft saved on this device').waitFor();
  };
  const another = async () => {
    const page = await one.context().newPage();
    await page.goto(path);
    return page;
  };
  await begin(one, 'Of the first tab');
  const two = await another();
  await two.getByRole('button', { name: 'Create ticket' }).and(two.locator(':not([aria-disabled=true])')).waitFor();
  assert.equal(await subject(two).inputValue(), '');
  await begin(two, 'Of the second tab');
  for (const [page, text] of [
    [one, 'Of the first tab'],
    [two, 'Of the second tab'],
  ] as const) {
    await page.reload();
    await expect.poll(() => subject(page).inputValue()).toBe(text);
  }
  // What no tab has open is taken up by the next one.
  await two.close();
  const three = await another();
  await expect.poll(() => subject(three).inputValue()).toBe('Of the second tab');
  assertQuiet(one);
  await leave(one);
});

it('has a reply of its own in every tab', async () => {
  const number = await createTicket('Answered in two tabs');
  const path = `/tickets/${number}`;
  const one = await open(browser, 'customer', path);
  const reply = (page: Page) => page.getByLabel('Your reply');
  const send = (page: Page) => page.getByRole('button', { name: 'Send reply' });
  await reply(one).fill('Of the first tab');
  const two = await one.context().newPage();
  await two.goto(path);
  await send(two).and(two.locator(':not([aria-disabled=true])')).waitFor();
  assert.equal(await reply(two).inputValue(), '');
  await reply(two).fill('Of the second tab');
  await send(one).click();
  const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text });
  await article(two, 'Of the first tab').waitFor();
  assert.equal(await reply(two).inputValue(), 'Of the second tab');
  // Neither has lost what the other has sent; and a reload finds it.
  await two.reload();
  await expect.poll(() => reply(two).inputValue()).toBe('Of the second tab');
  await send(two).click();
  await article(one, 'Of the second tab').waitFor();
  await leave(one);
});

it('asks again before a ticket is solved over an answer that was not seen', async () => {
  const number = await createTicket('Solved, or is it?');
  const page = await pageOf(browser, 'customer');
  await deafen(page);
  expectComplaints(page, /status of 409/);
  await page.goto(`/tickets/${number}`);
  await page.getByRole('heading', { level: 1, name: 'Solved, or is it?' }).waitFor();
  await call('agent', 'POST', `/v1/tickets/${number}:reply`, { body: 'Do not solve it yet.' });
  await page.getByRole('button', { name: 'Mark as solved' }).click();
  const asked = page.getByRole('alert').filter({ hasText: 'There is something new' });
  await asked.getByText('wrote a message.').waitFor();
  await page.getByRole('article').filter({ hasText: 'Do not solve it yet.' }).waitFor();
  await assertAccessible(page, 'ticket-unseen');
  const { status } = await call<{ status: string }>('customer', 'GET', `/v1/tickets/${number}`);
  assert.equal(status, 'TICKET_STATUS_PENDING');
  await asked.getByRole('button', { name: 'Mark as solved all the same' }).click();
  await page.getByText('The ticket is solved.').waitFor();
  await leave(page);
});

it('names the emergency address where only the conversation fails', async () => {
  const number = await createTicket('Half of it comes');
  const page = await pageOf(browser, 'customer');
  expectComplaints(page, /status of 400/);
  await page.route(`**/v1/tickets/${number}/messages*`, (route) =>
    route.fulfill({ status: 400, json: { status: 400 } }),
  );
  await page.goto(`/tickets/${number}`);
  await page.getByRole('alert').filter({ hasText: 'The ticket could not be loaded' }).waitFor();
  await page.getByRole('complementary', { name: 'Emergency address' }).waitFor();
  await leave(page);
});

it('appears in a list that is open elsewhere when it is asked for', async () => {
  const list = await open(browser, 'agent');
  await rows(list).first().waitFor();
  const before = await rows(list).first().getAttribute('href');
  const number = await createTicket('Does the list notice?');
  const fresh = list.getByRole('button', { name: /^\d+ new ticket/ });
  await fresh.waitFor();
  assert.equal(await rows(list).first().getAttribute('href'), before, 'nothing moves by itself');
  await fresh.click();
  await rows(list).first().filter({ hasText: 'Does the list notice?' }).waitFor();

  // A row that is shown is kept up to date where it is.
  const page = await open(browser, 'customer', `/tickets/${number}`);
  await page.getByRole('button', { name: 'Mark as solved' }).click();
  await rows(list).filter({ hasText: 'Does the list notice?' }).getByText('Solved').waitFor();
  assertQuiet(list);
  await leave(list);
  await leave(page);
});
