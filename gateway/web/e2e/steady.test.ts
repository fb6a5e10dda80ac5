import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertQuiet, desk, leave, phone, startBrowser } from './browser.ts';
import { createTicket, open, pageOf } from './desk.ts';

// What stays in its place, and what must not lie over something else because it stays.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const topOf = async (what: Locator) => (await what.boundingBox())?.y ?? 0;

it.each([desk, phone])('keeps a place for the next shifts, $width px wide', async (view) => {
  const page = await pageOf(browser, 'engineer', view);
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/v1/onCall?instant=*', async (route) => {
    await asked;
    await route.continue();
  });
  await page.goto('/on-call');
  const next = page.getByRole('region', { name: 'Next shifts' });
  const past = page.getByRole('region', { name: 'Past pages' });
  await next.getByText('Loading').waitFor();
  await page.getByRole('region', { name: 'On call now' }).getByRole('listitem').first().waitFor();
  await page.getByRole('region', { name: 'Open pages' }).locator('.loading').waitFor({ state: 'detached' });
  const before = await topOf(past);
  answer();
  await next.getByRole('listitem').first().waitFor();
  expect(Math.abs((await topOf(past)) - before)).toBeLessThan(24);
  assertQuiet(page);
  await leave(page);
});

declare global {
  interface Window {
    /** Whether the page stood when it asked who is on call. */
    drawn?: boolean;
  }
}

function noteDrawn() {
  const real = window.fetch;
  window.fetch = (request, options) => {
    const { pathname } = new URL(request instanceof Request ? request.url : request, window.location.href);
    if (pathname === '/v1/onCall') window.drawn ??= document.querySelector('h1') !== null;
    return real(request, options);
  };
}

it('asks who is on call before it draws the page, which the answers would move', async () => {
  const page = await pageOf(browser, 'engineer');
  await page.addInitScript(noteDrawn);
  await page.goto('/on-call');
  await page.getByRole('region', { name: 'On call now' }).getByRole('listitem').first().waitFor();
  assert.equal(await page.evaluate(() => window.drawn), false);
  assertQuiet(page);
  await leave(page);
});

/** Neither the top nor the bottom of what has the focus is out of sight. */
async function assertClear(page: Page): Promise<void> {
  const over = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return undefined;
    const { left, top, bottom, width } = element.getBoundingClientRect();
    if (bottom - top > innerHeight / 2) return undefined;
    const middle = left + width / 2;
    const faults = [top + 1, bottom - 1].flatMap((y) => {
      const shown = document.elementFromPoint(middle, y);
      if (!shown) return 'out of the window';
      const bar = shown.closest('.side, .bulk, .actions');
      return bar && !bar.contains(element) ? `below ${bar.className}` : [];
    });
    // Of a field of many lines, the browser shows the one that is written at.
    const allowed = element.matches('textarea') ? 1 : 0;
    return faults.length > allowed ? `${element.outerHTML.slice(0, 120)}: ${faults}` : undefined;
  });
  assert.equal(over, undefined);
}

const small = { ...phone, height: 500 };

it('never hides what has the focus in the form of a new ticket', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=incident', small);
  await page.getByLabel('Subject').waitFor();
  await page.getByRole('button', { name: 'Create ticket' }).focus();
  for (const key of ['Shift+Tab', 'Tab']) {
    for (let n = 0; n < 25; n++) {
      await page.keyboard.press(key);
      await assertClear(page);
    }
  }
  assertQuiet(page);
  await leave(page);
});

it.each([{ ...desk, height: 500 }, small])('never hides a row of the queue, $width px wide', async (view) => {
  for (let n = 0; n < 12; n++) await createTicket(`Under the bar ${n}`);
  const page = await open(browser, 'agent', '/queue?q=Under the bar', view);
  const rows = page.getByRole('list', { name: 'Tickets' }).getByRole('link');
  await rows.nth(7).waitFor();
  await rows.first().focus();
  await page.keyboard.press('x');
  await page.getByText('1 marked').waitFor();
  const at = () => page.evaluate(() => Number(document.activeElement?.closest('li')?.ariaPosInSet));
  for (const [key, by] of [
    ['j', 1],
    ['k', -1],
  ] as const) {
    for (let n = 0; n < 10; n++) {
      const before = await at();
      await page.keyboard.press(key);
      await expect.poll(at).toBe(before + by);
      await assertClear(page);
    }
  }
  assertQuiet(page);
  await leave(page);
});
