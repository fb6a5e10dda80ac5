import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertAccessible, assertFits, assertQuiet, desk, hasFocus, leave, phone, startBrowser } from './browser.ts';
import { open } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

/** Looks at what is shown at the desk and on a phone, in both themes. */
async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

it('a drill calls people, is marked as one, and is passed', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.getByRole('link', { name: 'Drills' }).click();
  await heading(page, 'Drills').waitFor();

  const weekly = page.getByRole('region', { name: 'Every week' });
  await weekly.getByRole('button', { name: 'Change the weekly drill' }).click();
  const form = weekly.getByRole('form', { name: 'Change the weekly drill' });
  await form.getByRole('checkbox', { name: 'Have a drill every week' }).check();
  await form.getByLabel('Weekday').selectOption({ label: 'Wednesday' });
  await form.getByLabel('Time', { exact: true }).fill('10:30');
  await form.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await form.getByLabel('Minutes until somebody has acknowledged').fill('0,1');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('That would be before a page has to be taken.').waitFor();
  await hasFocus(form.getByLabel('Minutes until somebody has acknowledged'));
  await look(page, 'drill-form');
  await form.getByLabel('Minutes until somebody has acknowledged').fill('10');
  await form.getByRole('button', { name: 'Save' }).click();
  await weekly.getByText('Wednesday, 10:30 in Tokyo.').waitFor();
  await weekly.getByText(/within 15 seconds.*within 10 minutes/).waitFor();

  await page.getByRole('button', { name: 'Begin a drill…' }).click();
  const ask = page.getByRole('dialog', { name: 'Begin a drill now?' });
  await ask.getByText(/^On call now: /).waitFor();
  await look(page, 'drill-begin');
  await ask.getByRole('button', { name: 'Call them' }).click();
  const list = page.getByRole('list', { name: 'Drills so far' });
  await list.getByText('Going on').waitFor();
  await list.getByText(/^Taken by a provider after/).waitFor();
  await list.getByRole('link', { name: /^How it went/ }).click();
  await page.getByRole('list', { name: 'History' }).getByText('A drill, by Elif Kaya: there is no incident').waitFor();
  await expect.poll(() => page.locator('.page-facts').textContent()).toContain('Drill');
  await page.getByRole('button', { name: /^Acknowledge/ }).click();
  await page.getByText('You acknowledged. The page is yours.').waitFor();
  await page.goto('/on-call/drills');
  await list.getByText('Passed').waitFor();
  await list.getByText(/^Acknowledged by Elif Kaya after/).waitFor();
  await look(page, 'drills-passed');
  await page.goto('/on-call');
  await page
    .getByRole('region', { name: 'Past pages' })
    .getByRole('listitem')
    .filter({ has: page.getByText('Drill', { exact: true }) })
    .first()
    .waitFor();
  assertQuiet(page);
  await leave(page);
});

it('an agent only looks', async () => {
  const page = await open(browser, 'agent', '/on-call/drills');
  await page.getByText('Engineers and supervisors begin drills.').waitFor();
  await page.getByText('Supervisors change it.').waitFor();
  expect(await page.getByRole('main').getByRole('button').count()).toBe(0);
  assertQuiet(page);
  await leave(page);
});
