import assert from 'node:assert/strict';
import type { Browser, ElementHandle, Locator, Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { assertQuiet, leave, startBrowser, tabTo } from './browser.ts';
import { createTicket, deafen, pageOf } from './desk.ts';
import type { Logins } from './suite.ts';

// Where the system forces its colours upon pages, grounds and shadows are gone: what nothing else shows is not seen.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

async function openForced(who: keyof Logins, path: string): Promise<Page> {
  const page = await pageOf(browser, who);
  await deafen(page); // or pictures differ by what has happened meanwhile
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto(path);
  return page;
}

/** What is around an element, once nothing moves there. */
async function picture(page: Page, target: ElementHandle): Promise<Buffer> {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  assert.ok(box, 'it is drawn');
  const [left, top] = [Math.max(0, box.x - 6), Math.max(0, box.y - 6)];
  const clip = { x: left, y: top, width: box.x + box.width + 6 - left, height: box.y + box.height + 6 - top };
  for (let last: Buffer | undefined; ; ) {
    const next = await page.screenshot({ clip });
    if (last?.equals(next)) return next;
    last = next;
  }
}

/** The page looks different without what is taken away. */
async function assertSeen(target: Locator, what: string, takeAway: (element: HTMLElement) => void): Promise<void> {
  const element = (await target.elementHandle()) as ElementHandle<HTMLElement>; // which what is taken away may have named
  const before = await picture(target.page(), element);
  await element.evaluate(takeAway);
  const after = await picture(target.page(), element);
  assert.ok(!before.equals(after), `${what} of ${target} is seen`);
}

async function assertFocusSeen(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await assertSeen(target, 'the focus', (element) => element.blur());
}

/** A button has an edge, which is all that tells it from words. */
async function assertPrimarySeen(button: Locator): Promise<void> {
  await button.and(button.page().locator('.primary')).waitFor();
  await assertSeen(button, 'the edge', (element) => {
    element.style.clipPath = 'inset(2px)';
  });
}

it('shows the focus, what is chosen and the button of the list', async () => {
  const page = await openForced('customer', '/tickets?tab=all');
  const row = page.getByRole('list', { name: 'Tickets' }).getByRole('link').first();
  await row.waitFor();
  const create = page.getByRole('link', { name: 'Create New Ticket' }).and(page.locator('.primary'));
  for (const target of [create, page.getByRole('combobox', { name: 'Query tickets' }), row])
    await assertFocusSeen(page, target);
  for (const name of ['Tickets by state', 'Whose tickets']) {
    const chosen = page.getByRole('navigation', { name }).locator('[aria-current]');
    await assertSeen(chosen, 'the choice', (element) => element.removeAttribute('aria-current'));
  }
  await assertPrimarySeen(create);
  assertQuiet(page);
  await leave(page);
});

it('shows the focus and the open and marked rows of the queue', async () => {
  await createTicket('Seen in any colours');
  const page = await openForced('agent', '/queue');
  const row = page.getByRole('list', { name: 'Tickets' }).getByRole('link').first();
  await row.waitFor();
  await assertFocusSeen(page, row);
  await row.focus();
  await page.keyboard.press('x');
  await page.getByText('1 marked').waitFor();
  await assertFocusSeen(page, row);
  await row.focus();
  await page.keyboard.press('Enter');
  const opened = page.locator('.queue-row[data-open]');
  await opened.waitFor();
  await page.getByRole('region', { name: 'Properties' }).waitFor();
  await row.evaluate((element) => element.blur());
  const mark = opened.getByRole('checkbox');
  await assertSeen(mark, 'the mark', (element) => {
    (element as HTMLInputElement).checked = false;
  });
  await assertSeen(opened, 'that it is open', (element) => element.removeAttribute('data-open'));
  await assertPrimarySeen(page.getByRole('button', { name: 'Send reply' }));
  assertQuiet(page);
  await leave(page);
});

it.each(['customer', 'agent'] as const)('shows the focus and the buttons of a ticket to the %s', async (who) => {
  const page = await openForced(who, `/tickets/${await createTicket('Seen in any colours')}`);
  const field = page.getByLabel('Your reply');
  const send = page.getByRole('button', { name: 'Send reply' });
  await field.waitFor();
  for (const target of [field, send]) await assertFocusSeen(page, target);
  await assertPrimarySeen(send);
  const pressed = page.locator('main button[aria-pressed="true"]');
  for (let n = await pressed.count(); n > 0; n--)
    await assertSeen(pressed.first(), 'that it is pressed', (element) => element.removeAttribute('aria-pressed'));
  assertQuiet(page);
  await leave(page);
});
