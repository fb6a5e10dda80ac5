import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertAccessible, assertQuiet, desk, leave, logIn, newPage, startBrowser } from './browser.ts';
import { logins, url } from './demo.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const subject = 'Checkout shows a blank page';

// One story from beginning to end: each step needs the one before it.
it('a customer gets help with an outage', async () => {
  const page = await newPage(browser, url, desk, {});
  await step('log in', async () => {
    await page.goto('/');
    await page.waitForURL('**/login');
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
    await page.getByRole('button', { name: /Priya Raman/ }).click();
  });
  await step('find Support at the bottom left', () => support(page));
  const engineer = await step('report an urgent incident', () => report(page));
  const number = await step('read that engineers are paged', () => paged(page));
  await step('read who acknowledged', () => acknowledged(page, engineer));

  const agent = await newPage(browser, url);
  await step('an agent answers', async () => {
    await logIn(agent, logins.agent);
    await agent.goto(`/tickets/${number}`);
    await agent.getByLabel('Your reply').fill('A payment worker was stuck, it is **restarted**. Does it work again?');
    await assertAccessible(agent, 'agent-ticket');
    await agent.getByRole('button', { name: 'Send reply' }).click();
    await agent.getByText('Reply sent.').waitFor();
  });
  await step('the answer appears by itself', async () => {
    await page.getByText('Does it work again?').waitFor();
    await page.locator('.message-card strong', { hasText: 'restarted' }).waitFor(); // Markdown is rendered
    await page.getByText('Waiting for you').first().waitFor();
  });
  await step('answer', async () => {
    await page.getByLabel('Your reply').fill('It does, thank you.');
    await page.getByRole('button', { name: 'Send reply' }).click();
    await page.getByRole('listitem').filter({ hasText: 'It does, thank you.' }).waitFor();
    await assertAccessible(page, 'ticket');
  });
  await step('the agent solves it', async () => {
    await agent.getByText('It does, thank you.').waitFor();
    await agent.getByRole('button', { name: 'Mark as solved' }).click();
    await page.getByText('set the status to solved').waitFor();
    assertQuiet(agent);
  });
  await step('find it under Previous, and by a query', () => found(page, number));
  assertQuiet(page);
});

async function step<T>(name: string, run: () => Promise<T>): Promise<T> {
  const start = Date.now();
  try {
    return await run();
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  } finally {
    console.log(`${String(Date.now() - start).padStart(6)} ms  ${name}`);
  }
}

async function support(page: Page) {
  const main = page.getByRole('navigation', { name: 'Main' });
  const link = main.getByRole('link', { name: 'Support' });
  await link.waitFor();
  const box = await link.boundingBox();
  expect(box && box.x < 60 && box.y > 700, `at the bottom left: ${JSON.stringify(box)}`).toBe(true);
  await main.getByRole('link', { name: 'Applications' }).click();
  await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
  await page
    .getByText(/open tickets?$/)
    .first()
    .waitFor();
  await link.click();
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
}

/** Returns who, as the form says, is paged. */
async function report(page: Page): Promise<string> {
  const blue = page.getByRole('link', { name: 'Create New Ticket' });
  const color = await blue.evaluate((link) => getComputedStyle(link).backgroundColor);
  const [red = 0, green = 0, bluish = 0] = (color.match(/\d+/g) ?? []).map(Number);
  expect(bluish > red && bluish > green, `${color} is blue`).toBe(true);
  await blue.click();
  await page.getByRole('radio', { name: /Report an Incident/ }).check({ force: true });
  await page.getByRole('radio', { name: /Urgent/ }).check({ force: true });
  await page.getByText('Urgent pages the on-call engineers immediately').waitFor();
  const notice = page.getByText(/^Pages \p{Lu}.* at once\.$/u);
  const engineer = /^Pages (.*) at once/.exec((await notice.textContent()) ?? '')?.[1] ?? '';

  // Nothing is sent while something is missing; the focus goes to what it is.
  await page.getByRole('button', { name: 'Create ticket and page' }).click();
  await page.getByText('Please correct 5 fields.').waitFor();
  await assertAccessible(page, 'create-with-errors');
  await page.getByLabel('What is the impact?').fill('Nobody can buy.');
  await page.getByLabel('Call-back number').fill('+44 20 7946 0012');
  await page.getByText('Page the on-call engineers now.').click();
  await page.getByRole('checkbox', { name: 'shop production' }).check({ force: true });
  await page.getByLabel('Subject').fill(subject);
  await page.getByLabel('Description').fill('Since 09:58 every checkout shows `502`.');
  await page.getByLabel('CCs').fill('cto@brickyard.example');
  await page.getByLabel('CCs').press('Enter');
  await page.getByRole('button', { name: 'Remove cto@brickyard.example' }).waitFor();

  // The draft outlives a reload; what engineers are woken by has to be confirmed again.
  await page.reload();
  await page.getByText('We kept your draft.').waitFor();
  assert.equal(await page.getByLabel('Subject').inputValue(), subject);
  await page.getByText('Page the on-call engineers now.').click();
  await assertAccessible(page, 'create');
  await page.getByRole('button', { name: 'Create ticket and page' }).click();
  return engineer;
}

async function paged(page: Page): Promise<string> {
  await page.waitForURL(/\/tickets\/\d+$/);
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
  await page
    .getByText(/Paging the on-call engineers|The on-call engineers were paged/)
    .first()
    .waitFor();
  await page.getByText('cto@brickyard.example').first().waitFor();
  return page.url().split('/').at(-1) ?? '';
}

/** The engineer acknowledges on the page of the demo, where what it sent is caught. */
async function acknowledged(page: Page, engineer: string) {
  const outbox = await newPage(browser, url);
  await outbox.goto('/dev/outbox');
  await outbox
    .locator('article.page', { hasText: subject })
    .getByRole('button', { name: 'Acknowledge' })
    .first()
    .click();
  await page.getByText(new RegExp(`^${engineer} acknowledged at \\d\\d:\\d\\d`)).waitFor();
  await page.getByText('An engineer is on it.').waitFor();
  await assertAccessible(page, 'ticket-acknowledged');
  await leave(outbox);
}

async function found(page: Page, number: string) {
  const row = page
    .getByRole('list', { name: 'Tickets' })
    .getByRole('link')
    .filter({ hasText: `#${number}` });
  await page.getByRole('link', { name: 'All tickets', exact: true }).click();
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
  await row.waitFor({ state: 'detached' }); // it is not open any more
  await page.getByRole('link', { name: 'Previous', exact: true }).click();
  await row.waitFor();
  await page.getByLabel('Query tickets').fill('type:incident app:shop blank prioritty:high');
  await page.getByLabel('Query tickets').press('Enter');
  await page.getByText('is not a query key').waitFor();
  await assertAccessible(page, 'list-with-issues');
  await page.getByRole('button', { name: 'priority', exact: true }).click();
  await page.getByRole('heading', { name: 'No ticket matches' }).waitFor();
  await assertAccessible(page, 'list-empty');
  await page.getByLabel('Query tickets').fill('type:incident app:shop blank priority:urgent');
  await page.getByLabel('Query tickets').press('Enter');
  await row.waitFor();
  await page.reload();
  await row.waitFor();
  await row.click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
  await page.goBack();
  await row.waitFor();
}
