import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { assertAccessible, assertQuiet, forgetComplaints, leave, startBrowser } from './browser.ts';
import { logins } from './demo.ts';
import { open } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

// One white pixel.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);

it('takes files to a new ticket and a reply, over a reload, and gives them back', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question');
  await page.getByText('All applications and environments').click();
  await page.getByLabel('Subject').fill('What is in this log?');
  await page.getByLabel('Description').fill('See the file.');
  const field = page.getByLabel('Files', { exact: true });
  await field.setInputFiles([
    { name: 'accès.log', mimeType: 'text/plain', buffer: Buffer.from('GET / 502\n') },
    { name: 'shot.png', mimeType: 'text/html', buffer: png },
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ]);
  const list = page.getByRole('list', { name: 'Files to be sent' });
  await list.getByText('The file is empty.').waitFor();
  await list.getByRole('button', { name: 'Remove accès.log' }).waitFor();
  await list.getByRole('button', { name: 'Remove shot.png' }).waitFor();
  // At the end of the page, where the bar with the buttons covers nothing.
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
  await assertAccessible(page, 'attach');
  await page.reload();
  await list.getByRole('button', { name: 'Remove accès.log' }).waitFor();
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByRole('heading', { level: 1, name: 'What is in this log?' }).waitFor();

  const files = page.getByRole('list', { name: 'Files of this message' });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    files.getByRole('link', { name: 'Download accès.log' }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'accès.log');
  await files.getByRole('button', { name: 'Show shot.png' }).click();
  await files.getByRole('img', { name: 'shot.png' }).waitFor();
  assert.match((await files.getByRole('img').getAttribute('src')) ?? '', /^blob:/);
  await assertAccessible(page, 'attachments');

  // What is pasted into the text and what is dropped on it come the same way.
  await page.getByLabel('Your reply').fill('Another one.');
  await page.getByLabel('Your reply').evaluate((area) => {
    const data = new DataTransfer();
    data.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await list.getByRole('button', { name: 'Remove pasted.txt' }).waitFor();
  const zone = page.getByRole('group', { name: 'Drop the files here' });
  await drag(page.getByLabel('Your reply'), 'dragover');
  await zone.and(page.locator('[data-over]')).waitFor();
  await drag(page.getByLabel('Your reply'), 'dragleave', '.drop-zone'); // on to another part of the form
  assert.equal(await zone.getAttribute('data-over'), 'true');
  await drag(zone, 'dragleave', 'h1');
  await zone.and(page.locator(':not([data-over])')).waitFor();
  await drag(page.getByLabel('Your reply'), 'dragover');
  await drag(page.getByLabel('Your reply'), 'drop');
  await zone.and(page.locator(':not([data-over])')).waitFor();
  await list.getByRole('button', { name: 'Remove dropped.txt' }).waitFor();
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByRole('link', { name: 'Download pasted.txt' }).waitFor();
  await page.getByRole('link', { name: 'Download dropped.txt' }).waitFor();
  await list.waitFor({ state: 'detached' });
  const address = new URL(page.url()).pathname;
  assertQuiet(page);
  await leave(page);

  const staff = await open(browser, 'agent', address);
  await staff.getByRole('link', { name: 'Download pasted.txt' }).waitFor();
  assertQuiet(staff);
  await leave(staff);
});

/** What the browser tells a part of the page when somebody drags a file over it, and whether it would do what it likes. */
async function drag(target: Locator, type: string, to?: string): Promise<void> {
  const own = await target.evaluate(
    (element, { type, to }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      const relatedTarget = to ? document.querySelector(to) : null;
      const init = { dataTransfer, relatedTarget, bubbles: true, cancelable: true };
      return element.dispatchEvent(new DragEvent(type, init));
    },
    { type, ...(to && { to }) },
  );
  assert.equal(own, type === 'dragleave', `the browser would leave the page after ${type}`);
}

it('sends a file again, when the session had ended', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question');
  await page.getByLabel('Files', { exact: true }).waitFor({ state: 'attached' });
  await page.context().clearCookies();
  await page.getByLabel('Files', { exact: true }).setInputFiles([
    { name: 'late.log', mimeType: 'text/plain', buffer: Buffer.from('late') },
    { name: 'later.log', mimeType: 'text/plain', buffer: Buffer.from('later') },
  ]);
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel('Password').fill(logins.customer.password);
  await dialog.getByRole('button', { name: 'Log in', exact: true }).click();
  const list = page.getByRole('list', { name: 'Files to be sent' });
  await list.getByRole('button', { name: 'Remove late.log' }).waitFor();
  await list.getByRole('button', { name: 'Remove later.log' }).waitFor();
  assert.ok(
    forgetComplaints(page).every((said) => said.includes('401')),
    'only of the session',
  );
  assertQuiet(page);
  await leave(page);
});
