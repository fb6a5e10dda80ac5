import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  expectComplaints,
  hasFocus,
  leave,
  magnified,
  newPage,
  phone,
  startBrowser,
  tabTo,
} from './browser.ts';
import { url } from './demo.ts';
import { call, createTicket, open, pageOf, sentLink } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const outage = {
  type: 'TICKET_TYPE_INCIDENT',
  priority: 'PRIORITY_URGENT',
  incident: { impact: 'Nobody can buy.', callbackNumber: '+44 20 7946 0012' },
};

const card = (page: Page, subject: string) => page.getByRole('article', { name: new RegExp(subject) });

it('an engineer takes a page at night, by keys alone', async () => {
  const subject = 'Warehouse is dark';
  const number = await createTicket(subject, outage);
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  const engineer = await open(browser, 'engineer', '/on-call', { ...phone, scheme: 'dark' });
  await card(engineer, subject).waitFor();
  await assertFits(engineer, 'on-call-phone');
  await assertAccessible(engineer, 'on-call-phone');
  const button = card(engineer, subject).getByRole('button', { name: /^Acknowledge/ });
  const box = await button.boundingBox();
  expect(box && box.height >= 60 && box.width > 300, JSON.stringify(box)).toBe(true);

  await tabTo(engineer, button);
  await engineer.keyboard.press('Enter');
  await engineer.getByText('You acknowledged. The page is yours.').waitFor();
  await card(engineer, subject).waitFor({ state: 'detached' });
  await customer
    .getByText(/Ada Park acknowledged at/)
    .first()
    .waitFor();

  const past = engineer.getByRole('region', { name: 'Past pages' });
  await past.getByRole('link', { name: new RegExp(subject) }).click();
  await engineer.getByRole('heading', { level: 1, name: new RegExp(subject) }).waitFor();
  const calls = engineer.getByRole('list', { name: 'Calls' });
  await calls.getByText('on call by schedule Primary').first().waitFor();
  await engineer.getByRole('list', { name: 'History' }).getByText('Ada Park acknowledged').waitFor();
  await assertFits(engineer, 'page-phone');
  assertQuiet(engineer);
  assertQuiet(customer);
  await leave(engineer);
  await leave(customer);
});

it('shows who is on call, now and next', async () => {
  const page = await pageOf(browser, 'engineer');
  // An account in London: the clocks of those on call show another time.
  await page.route('**/v1/me', async (route) => {
    const response = await route.fetch();
    const me = await response.json();
    await route.fulfill({ response, json: { ...me, staff: { ...me.staff, timeZone: 'Europe/London' } } });
  });
  await page.goto('/on-call');
  const now = page.getByRole('region', { name: 'On call now' });
  await now.getByText('Primary').waitFor();
  await now.getByText('Secondary').waitFor();
  await now.getByText('Ada Park').first().waitFor();
  await now.getByText('If nobody answers: Elif Kaya').waitFor();
  await now
    .getByText(/ in (Berlin|Madrid)$/)
    .first()
    .waitFor();
  await page.getByRole('region', { name: 'Next shifts' }).getByRole('listitem').nth(3).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('shows a page that a colleague took among the past ones', async () => {
  const subject = 'Taken by a colleague';
  const number = await createTicket(subject, outage);
  const engineer = await open(browser, 'engineer', '/on-call');
  await card(engineer, subject).waitFor();
  await engineer.getByRole('region', { name: 'Past pages' }).getByRole('link').first().waitFor();
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await agent.getByRole('button', { name: 'Acknowledge', exact: true }).click();
  const past = engineer.getByRole('region', { name: 'Past pages' });
  await past.getByRole('link', { name: new RegExp(subject) }).waitFor();
  assertQuiet(engineer);
  await leave(engineer);
  await leave(agent);
});

it('says it when the next shifts cannot be loaded', async () => {
  const page = await pageOf(browser, 'engineer');
  expectComplaints(page, /status of 404/);
  const later = '**/v1/onCall?instant=*';
  await page.route(later, (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: '{}' }),
  );
  await page.goto('/on-call');
  const next = page.getByRole('region', { name: 'Next shifts' });
  await next.getByRole('alert').waitFor();
  await page.unroute(later);
  await next.getByRole('button', { name: 'Try again' }).click();
  await next.getByRole('listitem').first().waitFor();
  await leave(page);
});

it('is escalated, and opened by hand, from the ticket', async () => {
  const urgent = await createTicket('Second step, please', outage);
  const agent = await open(browser, 'agent', `/tickets/${urgent}`);
  await agent.getByText('Who was paged, and why').click();
  await agent.getByRole('list', { name: 'Calls' }).getByText('on call by schedule Primary').first().waitFor();
  await agent.getByRole('button', { name: 'Escalate now' }).click();
  await agent.getByText('The next step has begun.').waitFor();
  await agent.getByRole('list', { name: 'Calls' }).getByText('on call by schedule Secondary').first().waitFor();
  await assertAccessible(agent, 'staff-paging');
  await agent.getByRole('link', { name: 'Open the page' }).click();
  await agent.getByRole('button', { name: /^Acknowledge/ }).click();
  await agent.getByText('You acknowledged. The page is yours.').waitFor();
  const title = agent.getByRole('heading', { level: 1 });
  await hasFocus(title); // what was pressed has gone

  const calm = await createTicket('Not urgent by its type');
  await agent.goto(`/tickets/${calm}`);
  await agent.getByRole('button', { name: 'Page on-call engineers' }).click();
  const dialog = agent.getByRole('dialog', { name: 'Page the on-call engineers?' });
  await dialog.getByRole('button', { name: 'Page the engineers' }).click();
  await dialog.getByText('Say why they are called.').waitFor();
  await assertAccessible(agent, 'staff-page-by-hand');
  await dialog.getByLabel('Reason').fill('Disk fills up within the hour.');
  await dialog.getByRole('button', { name: 'Page the engineers' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText('Who was paged, and why').waitFor();
  await hasFocus(title);
  assertQuiet(agent);
  await leave(agent);
});

/** Looks at a page of the link on a phone, in both themes. */
async function lookAtLink(page: Page, name: string): Promise<void> {
  await assertFits(page, `${name}-phone`);
  await assertAccessible(page, name, 'own');
  await page.setViewportSize(magnified);
  await assertFits(page, `${name}-magnified`);
  await page.setViewportSize(phone);
}

it('takes the page by the link that was sent, without a login', async () => {
  const subject = 'Link in the night';
  const number = await createTicket(subject, outage);
  const page = await newPage(browser, url, { ...phone, scheme: 'dark' });
  const link = await sentLink(page, subject);
  await page.goto(link);
  const button = page.getByRole('button', { name: /^Acknowledge/ });
  const box = await button.boundingBox();
  expect(box && box.height >= 60 && box.width > 330, JSON.stringify(box)).toBe(true);
  expect(box && box.y + box.height, 'it is there without scrolling').toBeLessThanOrEqual(phone.height);
  await lookAtLink(page, 'link');
  await button.click();
  await page.getByText('You acknowledged').waitFor();
  assert.equal(await button.count(), 0);
  await lookAtLink(page, 'link-done');

  await call('agent', 'POST', `/v1/tickets/${number}:solve`, {});
  const over = page.getByText('This incident is over.');
  const asked = async () => {
    await page.goto(link);
    return over.count();
  };
  await expect.poll(asked, { interval: 500 }).toBe(1); // the engineers' service hears of it by an event
  await lookAtLink(page, 'link-over');
  assertQuiet(page);

  await page.goto(`${link}x`);
  await page.getByRole('heading', { level: 1, name: 'Link not valid' }).waitFor();
  await lookAtLink(page, 'link-invalid');
  assertQuiet(page, /status of 404/); // of the page itself
  await leave(page);
});
