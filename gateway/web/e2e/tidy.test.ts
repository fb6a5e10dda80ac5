import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertQuiet, desk, leave, phone, startBrowser } from './browser.ts';
import { call, createTicket, open } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

/** Where the words of each of them begin, from the left. */
const begins = (all: Locator) =>
  all.evaluateAll((elements) =>
    elements.map((element) => {
      const range = document.createRange();
      range.selectNode(element.lastChild ?? element);
      return Math.round(range.getBoundingClientRect().left);
    }),
  );

it.each([
  ['customer', '/tickets', desk],
  ['customer', '/tickets', phone],
  ['agent', '/queue', desk],
  ['agent', '/queue', phone],
] as const)('lines up the subjects of the %s, read or not, at %s', async (who, path, view) => {
  const read = await createTicket('Plover in line, read');
  const unread = await createTicket('Plover in line');
  const { sequence } = await call<{ sequence: string }>(who, 'GET', `/v1/tickets/${read}`);
  await call(who, 'POST', `/v1/tickets/${read}:markRead`, { sequence });
  await call(who, 'POST', `/v1/tickets/${unread}:markUnread`, {});
  const page = await open(browser, who, `${path}?q=Plover`, view);
  const row = page.getByRole('list', { name: 'Tickets' }).getByRole('listitem');
  const marked = row.filter({ has: page.locator('.unread') }).locator('.subject');
  await marked.first().waitFor();
  const others = row.filter({ hasNot: page.locator('.unread') }).locator('.subject');
  await others.first().waitFor();
  const places = [...(await begins(marked)), ...(await begins(others))];
  assert.equal(new Set(places).size, 1, places.join());
  const dot = await page.locator('.unread').first().boundingBox();
  assert.ok(dot && dot.x >= 0 && dot.x + dot.width <= Number(places[0]), 'the mark of an unread one is beside it');
  assertQuiet(page);
  await leave(page);
});

it('lines up the addresses of contacts', async () => {
  const page = await open(browser, 'engineer', '/on-call/contacts');
  const address = page.getByRole('list', { name: 'Contacts' }).locator('.address');
  await expect.poll(() => address.count()).toBeGreaterThan(1);
  const places = await begins(address);
  assert.equal(new Set(places).size, 1, places.join());
  assertQuiet(page);
  await leave(page);
});

/** How much lighter or darker one colour is than another, as WCAG counts. */
function contrast(one: string, other: string): number {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = (colour.match(/\d+/g) ?? []).slice(0, 3).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const [dark = 1, bright = 1] = [light(one), light(other)].sort((a, b) => a - b);
  return bright / dark;
}

const ground = (of: Locator) => of.evaluate((element) => getComputedStyle(element).backgroundColor);

it('has badges that stand out on a dark ground', async () => {
  const page = await open(browser, 'engineer', '/on-call/contacts', { ...desk, scheme: 'dark' });
  const list = page.getByRole('list', { name: 'Contacts' });
  const badge = list.locator('.badge').first();
  await badge.waitFor();
  assert.ok(contrast(await ground(badge), await ground(list)) > 1.2, 'a badge has an edge');
  assertQuiet(page);
  await leave(page);
});

it('has boxes that look on a dark ground as fields do', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question', { ...desk, scheme: 'dark' });
  const box = page.getByRole('checkbox', { name: 'All applications and environments' });
  await box.waitFor();
  assert.equal(contrast(await ground(box), await ground(page.getByLabel('Subject'))), 1, 'as a field');
  assertQuiet(page);
  await leave(page);
});
