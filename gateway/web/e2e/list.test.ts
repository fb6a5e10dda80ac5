import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertQuiet, keysReady, leave, startBrowser } from './browser.ts';
import { logins } from './demo.ts';
import { call, createTicket, pageOf } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

it('shows whose tickets one asks for, in each tab and after a reload', async () => {
  const page = await pageOf(browser, 'colleague');
  // A colleague reports what they may: for applications of theirs.
  const { member } = await (await page.request.get('/v1/me')).json();

  const scope = { targets: [{ application: member.applications[0] }] };
  await leave(page);
  const colleague = { type: 'TICKET_TYPE_QUESTION', description: 'Whose is it?', scope };
  await createTicket('Lapwing of my own');
  for (const [subject, ccs] of [
    ['Lapwing with a copy', [{ email: logins.customer.email }]],
    ['Lapwing of a colleague', []],
  ] as const) {
    await call('colleague', 'POST', '/v1/tickets', { ...colleague, subject, ccs });
  }

  const customer = await pageOf(browser, 'customer');
  await customer.goto('/tickets?q=Lapwing');
  const rows = customer.getByRole('list', { name: 'Tickets' }).getByRole('link');
  const shown = async () => {
    const found = (await rows.allTextContents()).map((row) =>
      /Lapwing (of my own|with a copy|of a colleague)/.exec(row),
    );
    return found.map((words) => words?.[1]).sort();
  };
  const scopes = customer.getByRole('navigation', { name: 'Whose tickets' });
  const chosen = scopes.locator('[aria-current]');
  const all = ['of a colleague', 'of my own', 'with a copy'];
  await expect.poll(shown).toEqual(all);
  for (const [name, subjects] of [
    ['Mine', ['of my own']],
    ["CC'd", ['with a copy']],
    ['Organization', all],
    ['Mine', ['of my own']],
  ] as const) {
    await scopes.getByRole('link', { name, exact: true }).click();
    await expect.poll(shown).toEqual(subjects);
    assert.deepEqual(await chosen.allTextContents(), [name]);
  }
  await customer.reload();
  await expect.poll(shown).toEqual(['of my own']);
  await customer.getByRole('navigation', { name: 'Tickets by state' }).getByRole('link', { name: 'Previous' }).click();
  await customer.getByText('No ticket matches').waitFor();
  assert.deepEqual(await chosen.allTextContents(), ['Mine'], 'another tab is about the same people');
  await customer.goBack();
  await customer.goBack();
  await expect.poll(shown).toEqual(all);
  assert.deepEqual(await chosen.allTextContents(), ['Organization']);
  assertQuiet(customer);
  await leave(customer);
});

it('is paged in the order that its query names, and moves no row', async () => {
  const numbers: string[] = [];
  for (let n = 1; n <= 7; n++) numbers.push(await createTicket(`Curlew ${n} in its turn`));
  const page = await pageOf(browser, 'customer');
  let further = 0;
  await page.route('**/v1/tickets?*pageSize=50*', (route) => {
    const asked = new URL(route.request().url());
    asked.searchParams.set('pageSize', '3');
    if (asked.searchParams.get('pageToken')) further++;
    return route.continue({ url: asked.href });
  });
  const shown = async () => {
    const rows = await page.getByRole('list', { name: 'Tickets' }).getByRole('link').allTextContents();
    return rows.map((row) => Number(/Curlew (\d)/.exec(row)?.[1]));
  };
  await page.goto('/tickets?tab=all&q=Curlew sort:created-asc');
  await expect.poll(shown).toEqual([1, 2, 3, 4, 5, 6, 7]);
  assert.equal(further, 2, 'of three tickets each');
  await page.getByText('Order: created-asc').waitFor();

  // What changes stays where it is, and what is new comes in its turn.
  await call('customer', 'POST', `/v1/tickets/${numbers[2]}:reply`, { body: 'Me too.' });
  await createTicket('Curlew 8 in its turn');
  const fresh = page.getByRole('button', { name: '1 new ticket — show' });
  await fresh.waitFor();
  assert.deepEqual(await shown(), [1, 2, 3, 4, 5, 6, 7]);
  await fresh.click();
  await expect.poll(shown).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await page.getByRole('button', { name: 'Remove sort:created-asc' }).click();
  await expect.poll(shown).toEqual([8, 3, 7, 6, 5, 4, 2, 1]);
  assertQuiet(page);
  await leave(page);
});

it('shows staff the order that a query names, and changes it', async () => {
  for (let n = 1; n <= 3; n++) await createTicket(`Dunlin ${n} in its turn`);
  const page = await pageOf(browser, 'agent');
  const shown = async () => {
    const rows = await page.getByRole('list', { name: 'Tickets' }).getByRole('link').allTextContents();
    return rows.map((row) => Number(/Dunlin (\d)/.exec(row)?.[1]));
  };
  await page.goto('/queue?q=Dunlin sort:created-asc is:open');
  await expect.poll(shown).toEqual([1, 2, 3]);
  const order = page.getByLabel('Order');
  assert.equal(await order.inputValue(), 'oldest');
  await order.selectOption('Newest first');
  await expect.poll(shown).toEqual([3, 2, 1]);
  assert.equal(await page.getByLabel('Query tickets').inputValue(), 'Dunlin is:open');
  assertQuiet(page);
  await leave(page);
});

it('leads back to the list as it was left, to the row of the ticket', async () => {
  for (let n = 1; n <= 3; n++) await createTicket(`Redshank ${n} waits for an answer`);
  const page = await pageOf(browser, 'customer');
  const address = '/tickets?tab=all&scope=mine&q=Redshank';
  await page.goto(address);
  const row = page.locator('[data-row]').filter({ hasText: 'Redshank 2' });
  for (const back of [
    () => page.getByRole('main').getByRole('link', { name: 'All tickets' }).click(),
    () => page.keyboard.press('Escape'),
    () => page.goBack(),
  ]) {
    await row.click();
    await page.getByLabel('Your reply').waitFor();
    await keysReady(page);
    await back();
    await page.waitForURL((url) => url.pathname + url.search === address);
    await expect.poll(() => row.evaluate((link) => link === document.activeElement)).toBe(true);
  }
  assertQuiet(page);
  await leave(page);
});
