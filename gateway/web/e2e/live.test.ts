import assert from 'node:assert/strict';
import type { Browser, BrowserContext } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { assertAccessible, assertQuiet, expectComplaints, leave, startBrowser } from './browser.ts';
import { call, createTicket, open, pageOf, pick } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

/** The streams that a browser's pages open: whether each is taken up where another one was. */
function streamsOf(context: BrowserContext): boolean[] {
  const opened: boolean[] = [];
  context.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/v1/tickets:watch') opened.push(searchParams.has('resumeToken'));
  });
  return opened;
}

const reply = (ticket: string, text: string) => call('agent', 'POST', `/v1/tickets/${ticket}:reply`, { body: text });

it('has one stream for all tabs, which the next one takes up where the first one left it', async () => {
  const first = await pageOf(browser, 'customer');
  const ticket = await createTicket('Told to every tab');
  const context = first.context();
  const streams = streamsOf(context);
  const second = await context.newPage();
  for (const page of [first, second]) {
    await page.goto(`/tickets/${ticket}`);
    await page.getByRole('heading', { level: 1, name: 'Told to every tab' }).waitFor();
  }

  await reply(ticket, 'Both hear this.');
  for (const page of [first, second]) await page.getByText('Both hear this.').waitFor();
  assert.deepEqual(streams, [false]);

  assertQuiet(first);
  await first.close();
  await reply(ticket, 'The other one hears this.');
  await second.getByText('The other one hears this.').waitFor();
  assert.deepEqual(streams, [false, true]);
});

it('dims in a list what has left it, and shows it again when it is back', async () => {
  const left = await createTicket('Leaving the list');
  await createTicket('Staying in the list');
  const page = await open(browser, 'customer', '/tickets?q="the list"');
  const row = (text: string) => page.getByRole('listitem').filter({ hasText: text });
  await row('Leaving').waitFor();
  const gone = row('Leaving').getByRole('link', { name: /No longer in this list/ });

  const agent = await open(browser, 'agent', `/tickets/${left}`);
  await pick(agent, /^Status:/, 'Solved');
  await gone.waitFor();
  assert.equal(await row('Staying').getByText('No longer in this list').count(), 0);
  await assertAccessible(page, 'list-gone');

  await pick(agent, /^Status:/, 'Open');
  await gone.waitFor({ state: 'detached' });
  await row('Leaving').waitFor();

  await pick(agent, /^Status:/, 'Solved');
  await page.getByRole('button', { name: '1 ticket no longer matches — hide' }).click();
  await row('Leaving').waitFor({ state: 'detached' });
  await page.getByText('1 ticket', { exact: true }).waitFor();
  assertQuiet(page);
  await leave(agent);
  await leave(page);
});

it('finds out what a list has missed', async () => {
  const left = await createTicket('Missed at night');
  const page = await open(browser, 'customer');
  await page.clock.install();
  expectComplaints(page, /ERR_FAILED/);
  await page.route('**/v1/tickets:watch*', (route) => route.abort());
  await page.goto('/tickets?q="at night"');
  const row = page.getByRole('listitem').filter({ hasText: 'Missed at night' });
  await row.waitFor();
  await call('agent', 'POST', `/v1/tickets/${left}:solve`, {});
  await createTicket('Another one at night');
  await page.clock.fastForward(10_000); // after which it asks by itself
  await page.clock.fastForward(1_000);
  await row.getByText('No longer in this list').waitFor();
  await page.getByRole('button', { name: '1 new ticket, 1 no longer matches — show' }).waitFor();
});

it('says when changes come late, and asks for them meanwhile', async () => {
  const page = await open(browser, 'customer');
  const ticket = await createTicket('The stream is gone');
  await page.clock.install();
  expectComplaints(page, /ERR_FAILED/);
  await page.route('**/v1/tickets:watch*', (route) => route.abort());
  const begin = Date.now();
  await page.goto(`/tickets/${ticket}`);
  await page.getByRole('heading', { level: 1, name: 'The stream is gone' }).waitFor();
  const paused = page.getByText('Live updates are paused.');
  assert.ok((await paused.count()) === 0 || Date.now() - begin > 10_000, 'it is said too early');

  await reply(ticket, 'Nobody hears this at once.');
  await page.clock.fastForward(10_000);
  await paused.waitFor();
  await page.getByText('Nobody hears this at once.').waitFor();

  await page.unroute('**/v1/tickets:watch*');
  await page.clock.fastForward(5_000);
  await paused.waitFor({ state: 'detached' });
  await reply(ticket, 'This comes at once.');
  await page.getByText('This comes at once.').waitFor();
});
