import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { assertQuiet, desk, newPage, startBrowser } from './browser.ts';
import { type Suite, startSuite } from './suite.ts';

// A suite that nobody has used yet, and a person who knows nothing but its address.
let browser: Browser;
let suite: Suite;

beforeAll(async () => {
  [browser, suite] = await Promise.all([startBrowser(), startSuite(inject('filled'))]);
});
afterAll(() => suite?.stop());

const subject = 'My first outage';

it("does in a newcomer's first minutes what the login page says to try", async () => {
  const page = await newPage(browser, suite.url, desk, {});
  await page.goto('/');
  await page.getByRole('heading', { name: 'What to try' }).waitFor();
  const tries = page.getByRole('listitem');
  await expect.poll(() => tries.count(), { message: 'things to try' }).toBe(5);
  for (const line of await tries.all()) await line.waitFor();
  for (const role of [/customer/, /agent/, /on-call engineer/])
    await page.getByRole('button', { name: role }).waitFor();

  // 1. As the customer, open Support and create an urgent incident.
  await enter(page, /Priya Raman/);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Support' }).click();
  await page.getByRole('link', { name: 'Create New Ticket' }).click();
  await page.getByText('Report an Incident').click();
  await page.getByText('Urgent', { exact: true }).click();
  await page.getByLabel('What is the impact?').fill('Nobody can buy.');
  await page.getByLabel('Call-back number').fill('+44 20 7946 0012');
  await page.getByText('Page the on-call engineers now.').click();
  await page.getByText('All applications').click();
  await page.getByLabel('Subject').fill(subject);
  await page.getByLabel('Description').fill('I want to see what happens.');
  await page.getByRole('button', { name: 'Create ticket and page' }).click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();

  // 2. See the page and the mails leave, and acknowledge it there.
  const outbox = await page.context().newPage();
  await outbox.goto('/dev/outbox');
  await outbox.locator('article.mail', { hasText: subject }).first().waitFor();
  await outbox
    .locator('article.page', { hasText: subject })
    .first()
    .getByRole('button', { name: 'Acknowledge' })
    .click();

  // 3. Watch the ticket: it says who acknowledged, and when.
  await page
    .getByText(/ acknowledged at \d\d:\d\d/)
    .first()
    .waitFor();
  const number = page.url().split('/').at(-1);
  await leave(page);

  // 4. As the agent, answer and solve it.
  await enter(page, /Jonas Weber/);
  await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await page.goto(`/tickets/${number}`);
  await page.getByLabel('Your reply').fill('It was a test, was it not?');
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByText('Reply sent.').waitFor();
  await page.getByRole('button', { name: 'Mark as solved' }).click();
  await page.getByText('set the status to solved').waitFor();
  await leave(page);

  // 5. As the customer again, find it under Previous.
  await enter(page, /Priya Raman/);
  await page.getByRole('link', { name: 'Previous', exact: true }).click();
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link', { name: subject }).click();
  await page.getByText('It was a test, was it not?').waitFor();
  assertQuiet(page);
});

async function enter(page: Page, who: RegExp): Promise<void> {
  await page.getByRole('button', { name: who }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
}

async function leave(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
}
