import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { phone, startBrowser } from '../e2e/browser.ts';
import { createTicket, open } from '../e2e/desk.ts';

// The pictures of the README, from the demo's own tickets and from one incident that is reported for them.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

async function picture(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: new URL(`../../../docs/images/${name}.png`, import.meta.url).pathname });
}

async function openTicket(page: Page, subject: RegExp): Promise<void> {
  await page.goto('/tickets?tab=all');
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link', { name: subject }).first().click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
}

it('an incident as its customer sees it', async () => {
  const page = await open(browser, 'customer');
  await openTicket(page, /Wholesale portal not reachable/);
  await page.getByText('acknowledged the page').first().waitFor();
  await picture(page, 'dashboard');
});

it('the queue of the support engineers', async () => {
  const page = await open(browser, 'agent', '/queue');
  const subject = /Gift cards are rejected/;
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link', { name: subject }).click();
  await page.getByRole('heading', { level: 2, name: subject }).waitFor();
  await picture(page, 'queue');
});

it('a page at night, and the outbox of the demo', async () => {
  const subject = 'Checkout returns 502';
  await createTicket(subject, {
    type: 'TICKET_TYPE_INCIDENT',
    priority: 'PRIORITY_URGENT',
    description: 'Every checkout fails since 01:58 UTC.',
    ccs: [{ email: 'cto@brickyard.example' }],
    incident: { impact: 'Nobody can buy.', callbackNumber: '+44 20 7946 0012' },
  });
  const engineer = await open(browser, 'engineer', '/on-call', { ...phone, scheme: 'dark' });
  await engineer.getByRole('article', { name: new RegExp(subject) }).waitFor();
  await engineer.getByRole('region', { name: 'Next shifts' }).getByRole('listitem').first().waitFor();
  await picture(engineer, 'on-call');

  const customer = await open(browser, 'customer', '/dev/outbox');
  await customer.getByText('cto@brickyard.example').first().waitFor();
  await customer.getByText('Acknowledge').first().waitFor();
  await picture(customer, 'outbox');
});
