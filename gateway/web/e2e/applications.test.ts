import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertAccessible, assertQuiet, expectComplaints, hurry, leave, startBrowser } from './browser.ts';
import { open, pageOf } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

it.each(['customer', 'agent'] as const)('leads the %s to as many tickets as it says', async (who) => {
  const page = await open(browser, who, '/applications');
  const card = page
    .locator('.card')
    .filter({ has: page.getByRole('heading', { name: 'shop', exact: true }) })
    .first();
  const links = card.getByRole('link', { name: /open tickets?$/ });
  const counts = links.or(card.getByText('No open tickets'));
  const uncounted = async () => 1 + (await card.getByRole('listitem').count()) - (await counts.count());
  for (const link of [links.first(), links.last()]) {
    // Each count comes by itself: until all have come, another link may become the first or the last one.
    await expect.poll(uncounted).toBe(0);
    const said = (await link.textContent()) ?? '';
    await link.click();
    const found = page.getByRole('status').filter({ hasText: new RegExp(`^${said.replace(' open', '')}$`) });
    await found.waitFor();
    // The query has ids, and the reader sees names.
    await page.getByRole('list', { name: 'Parts of the query' }).getByText('Application: shop').waitFor();
    await page.goBack();
  }
  assertQuiet(page);
  await leave(page);
});

it.each(['customer', 'agent'] as const)('lets the %s open a ticket about an application', async (who) => {
  const page = await open(browser, who, '/applications');
  await page.getByRole('link', { name: 'New ticket about shop' }).first().click();
  await page.getByRole('radio', { name: /Ask a question/ }).check({ force: true });
  if (who === 'agent') await page.getByRole('button', { name: /^Organization: (?!Choose)/ }).waitFor();
  const shop = page.getByRole('checkbox', { name: 'shop', exact: true });
  await expect.poll(() => shop.isChecked()).toBe(true);
  // It is a proposal; and what is written about it stays about it.
  await page.getByLabel('Subject').fill('About the shop');
  await page.getByText('Draft saved on this device').waitFor();
  await page.goto('/tickets/new');
  await page.getByText('We kept your draft.').waitFor();
  await expect.poll(() => shop.isChecked()).toBe(true);
  await shop.uncheck({ force: true });
  assert.equal(await shop.isChecked(), false);
  assertQuiet(page);
  await leave(page);
});

it('says when there are more than are counted', async () => {
  const page = await pageOf(browser, 'agent');
  const asked: string[] = [];
  await page.route('**/v1/tickets:count?*', (route) => {
    asked.push(new URL(route.request().url()).searchParams.get('filter') ?? '');
    return route.fulfill({ json: { count: 1000, more: true } });
  });
  await page.goto('/applications');
  await page.getByRole('link', { name: '1,000+ open tickets' }).nth(3).waitFor();
  assert.ok(
    asked.every((filter) => /^is:open app:\S+( env:\S+)?$/.test(filter)),
    asked.join(),
  );
  await leave(page);
});

it('says where to turn when it cannot be loaded', async () => {
  const page = await pageOf(browser, 'customer');
  expectComplaints(page, /status of 503/);
  await page.clock.install();
  const refuse = '**/v1/organizations/*/applications?*';
  await page.route(refuse, (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }),
  );
  await page.goto('/applications');
  await hurry(page, page.getByRole('alert').filter({ hasText: 'The applications could not be loaded' }));
  await page.getByRole('link', { name: 'sysops@altis.example' }).waitFor();
  await assertAccessible(page, 'applications-503');
  await page.unroute(refuse);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page
    .getByRole('link', { name: /open tickets?$/ })
    .first()
    .waitFor();
});
