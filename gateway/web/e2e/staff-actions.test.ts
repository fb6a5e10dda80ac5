import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  forgetComplaints,
  hasFocus,
  keysReady,
  leave,
  openPalette,
  phone,
  pressBoth,
  startBrowser,
} from './browser.ts';
import { ask, call, createTicket, deafen, open, pick } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

async function close(...pages: Page[]) {
  for (const page of pages) {
    assertQuiet(page);
    await leave(page);
  }
}

/** What the browser reports of a ticket that was taken away: each request that was under way. */
const notFound = /status of 404/;

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const details = (page: Page) => page.getByRole('complementary', { name: 'Details' });
const article = (page: Page, hasText: string) => page.getByRole('article').filter({ hasText });

/** A ticket that its customer and an agent look at. */
async function both(subject: string, part: object = {}) {
  const number = await createTicket(subject, part);
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  for (const page of [customer, agent]) await heading(page, subject).waitFor();
  return { customer, agent, number };
}

/** Looks at a dialog at the desk and on a phone, in both themes. */
async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await assertAccessible(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

/** The contrast between the border of an element and what is in it, as WCAG reckons it. */
async function edge(element: Locator): Promise<number> {
  const colours = await element.evaluate((one) => {
    const { borderTopColor, backgroundColor } = getComputedStyle(one);
    return [borderTopColor, backgroundColor];
  });
  const [bright = 0, dark = 0] = colours.map(luminance).sort((a, b) => b - a);
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const parts = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => Number(part) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it('changes the type of an urgent incident, which stops its paging', async () => {
  const { customer, agent } = await both('All shops are down', {
    type: 'TICKET_TYPE_INCIDENT',
    priority: 'PRIORITY_URGENT',
    incident: { impact: 'Nobody can buy.', callbackNumber: '+44 20 7946 0018' },
  });
  const dialog = await ask(agent, 'Change type…', 'Change the type');
  await dialog.getByText('Paging stops').waitFor();
  await look(agent, 'action-type');
  const other = dialog.locator('.option', { hasText: 'Ongoing issue' });
  expect(await edge(other), 'the contrast of its edge').toBeGreaterThanOrEqual(3);
  await dialog.getByText('Ongoing issue').click();
  await dialog.getByRole('button', { name: 'Change the type' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText('Jonas Weber changed the type to Ongoing issue').waitFor();

  // What both types have moves, what only the old one has is kept in a note.
  await details(agent).getByText('Ongoing issue').waitFor();
  await details(agent).getByText('Nobody can buy.').waitFor();
  assert.equal(await details(agent).getByText('+44 20 7946 0018').count(), 0);
  await article(agent, '+44 20 7946 0018').getByText('Internal note', { exact: true }).waitFor();
  await agent.getByText('Paging has ended').first().waitFor();
  await customer.getByText('Jonas Weber changed the type to Ongoing issue').waitFor();
  await details(customer).getByText('Nobody can buy.').waitFor();
  assert.equal(await customer.getByText('Kept from the incident').count(), 0);

  // Back: an incident has a priority.
  const again = await ask(agent, 'Change type…', 'Change the type');
  await again.getByText('Incident', { exact: true }).click();
  await again.getByLabel('Priority').selectOption('High');
  await look(agent, 'action-type-incident');
  await again.getByRole('button', { name: 'Change the type' }).click();
  await agent.getByText('Jonas Weber changed the type to Incident').waitFor();
  await agent.getByRole('button', { name: 'Priority: High' }).waitFor();
  forgetComplaints(agent); // paging goes on by itself: the browser reports that the ticket was an older one
  await close(agent, customer);
});

it('gives a ticket to another requester', async () => {
  const { customer, agent } = await both('Whose question is it?');
  const dialog = await ask(agent, 'Change requester…', 'Change the requester');
  await dialog.getByText('Priya Raman becomes a CC, and keeps getting copies.').waitFor();
  await dialog.getByRole('button', { name: 'Change the requester' }).click();
  await dialog.getByRole('alert').getByText('Choose who it is to be.').waitFor();
  await look(agent, 'action-requester');
  await pick(agent, /^New requester:/, /Sam Whitlock/);
  await dialog.getByRole('button', { name: 'Change the requester' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText('Jonas Weber made Sam Whitlock the requester').waitFor();
  await details(customer).getByText('Sam Whitlock').waitFor();
  await customer.getByRole('region', { name: 'CCs' }).getByText('Priya Raman').waitFor();
  await close(agent, customer);
});

it('merges a duplicate, which leads its customer to where it goes on', async () => {
  const into = await createTicket('Checkout fails since noon');
  const { customer, agent, number } = await both('Checkout fails');
  await customer.getByLabel('Your reply').fill('It is still'); // a draft, which nothing touches
  const dialog = await ask(agent, 'Merge into…', 'Merge into another ticket');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await dialog.getByRole('alert').getByText('Choose the ticket where it goes on.').waitFor();
  await pick(agent, /^Goes on in/, `#${into}`);
  await dialog.getByText('Asked by Priya Raman').waitFor();
  await look(agent, 'action-merge');
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText(`Jonas Weber merged this ticket into #${into}`).waitFor();
  await look(agent, 'action-is-merged');

  await customer.getByText(`Merged into #${into}`, { exact: true }).waitFor();
  assert.equal(await customer.getByLabel('Your reply').inputValue(), 'It is still');
  await customer.getByLabel('Your reply').fill('It is still down.');
  await customer.getByRole('button', { name: `Send it to #${into}` }).click();
  await heading(customer, 'Checkout fails since noon').waitFor();
  await article(customer, 'It is still down.').waitFor();
  await customer.getByText(`Jonas Weber merged #${number} into this ticket`).waitFor();
  await close(agent, customer);
});

it('takes spam away from its customer, and brings it back', async () => {
  const { customer, agent, number } = await both('Win a fortune');
  const dialog = await ask(agent, 'Mark as spam…', 'Mark this ticket as spam?');
  await look(agent, 'action-spam');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  const more = agent.getByRole('button', { name: 'More', exact: true });
  await hasFocus(more);

  // By name, from the palette.
  const box = await openPalette(agent);
  await box.fill('spam');
  await agent.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Mark as spam' }).click();
  await agent.getByText(/^Jonas Weber marked this ticket as spam at/).waitFor();
  assert.equal(await agent.getByLabel('Your reply').count(), 0, 'nobody works on it');
  await hasFocus(agent.getByRole('heading', { level: 1 }));
  await heading(customer, 'Ticket not found').waitFor();
  await look(agent, 'action-is-spam');
  await agent.setViewportSize(phone);
  await more.click();
  await agent.getByRole('menuitem', { name: 'Delete…' }).waitFor();
  await assertFits(agent, 'action-menu-phone');
  const left = await agent.getByRole('menu', { name: 'More' }).evaluate((menu) => menu.getBoundingClientRect().left);
  assert.ok(left >= 0, `the menu begins at ${left}`);
  await agent.keyboard.press('Escape');
  await agent.setViewportSize(desk);

  await agent.goto('/queue?q=is:spam');
  const row = agent
    .getByRole('list', { name: 'Tickets' })
    .getByRole('listitem')
    .filter({ hasText: `#${number}` });
  await row.getByText('Spam', { exact: true }).waitFor();
  await assertAccessible(agent, 'action-queue-spam');
  await row.getByRole('link').click();
  const pane = agent.getByRole('region', { name: `Ticket #${number}` });
  await pane.getByRole('button', { name: 'Restore' }).click();
  await agent.getByText('The ticket was restored.').waitFor();
  await pane.getByText('Jonas Weber restored the ticket').waitFor();
  await pane.getByLabel('Your reply').waitFor();
  await customer.goto(`/tickets/${number}`);
  await heading(customer, 'Win a fortune').waitFor();
  assert.equal(await customer.getByText('restored the ticket').count(), 0);
  assertQuiet(customer, notFound);
  await leave(customer);
  await close(agent);
});

it('deletes a ticket, which an admin can restore', async () => {
  const { customer, agent, number } = await both('Sent by mistake');
  const dialog = await ask(agent, 'Delete…', 'Delete this ticket?');
  await dialog.getByText('can restore it for 30 days').waitFor();
  await look(agent, 'action-delete');
  await dialog.getByRole('button', { name: 'Delete the ticket' }).click();
  await agent.getByText(`#${number} was deleted.`).waitFor();
  await hasFocus(heading(agent, 'Queue'));
  await heading(customer, 'Ticket not found').waitFor();
  await agent.goto(`/tickets/${number}`);
  await heading(agent, 'Ticket not found').waitFor();

  const admin = await open(browser, 'admin', `/tickets/${number}`);
  await admin.getByText(/^Jonas Weber deleted this ticket at/).waitFor();
  await admin.getByText(/It is purged on/).waitFor();
  await look(admin, 'action-is-deleted');
  await admin.getByRole('button', { name: 'Restore' }).click();
  await admin.getByText('Elif Kaya restored the ticket').waitFor();
  await customer.goto(`/tickets/${number}`);
  await heading(customer, 'Sent by mistake').waitFor();
  for (const page of [customer, agent]) {
    assertQuiet(page, notFound);
    await leave(page);
  }
  await close(admin);
});

it('puts two changes at once side by side', async () => {
  const { customer, agent, number } = await both('What is it?');
  await deafen(agent);
  await agent.reload();
  const dialog = await ask(agent, 'Change type…', 'Change the type');
  await call('engineer', 'POST', `/v1/tickets/${number}:changeType`, { type: 'TICKET_TYPE_TASK' });
  await dialog.getByText('Ongoing issue').click();
  await dialog.getByRole('button', { name: 'Change the type' }).click();
  await dialog.getByText('Ada Park changed Type: Question → Infrastructure change').waitFor();
  await look(agent, 'action-conflict');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText('Jonas Weber changed the type to Ongoing issue').waitFor();
  assertQuiet(agent, /status of 409/);
  for (const page of [customer, agent]) await leave(page);
});

it('redacts passages, files and whole messages', async () => {
  const { customer, agent, number } = await both('Who can log in?', {
    description: 'Log in as root with hunter2.\n\nIf it does not work: hunter2!',
  });
  const upload = customer.getByRole('form', { name: 'Reply' });
  await upload
    .locator('input[type=file]')
    .setInputFiles({ name: 'passwords.txt', mimeType: 'text/plain', buffer: Buffer.from('hunter2') });
  await customer.getByLabel('Your reply').fill('Here is the list.');
  await upload.getByRole('button', { name: 'Remove passwords.txt' }).waitFor(); // it is uploaded
  await customer.getByRole('button', { name: 'Send reply' }).click();
  await article(agent, 'Here is the list.')
    .getByRole('link', { name: /passwords.txt/ })
    .waitFor();

  // Passages, one selected and one typed.
  const dialog = await redact(agent, article(agent, 'Log in as root'));
  const body = dialog.getByLabel('The message as it was written');
  await dialog.getByRole('button', { name: 'Add what is selected' }).click();
  await dialog.getByText('Select or type something first.').waitFor();
  await body.evaluate((area: HTMLTextAreaElement) => {
    area.focus();
    area.setSelectionRange(10, 14);
  });
  await dialog.getByRole('button', { name: 'Add what is selected' }).click();
  await dialog.getByLabel('Or type a passage').fill('Hunter2');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText('This is not in the text').waitFor();
  await dialog.getByLabel('Or type a passage').fill('hunter2');
  await dialog.getByLabel('Or type a passage').press('Enter');
  await dialog.getByText('3 places').waitFor();
  await dialog.getByLabel('Reason').fill('It says hunter2');
  await dialog.getByRole('button', { name: 'Redact for good' }).click();
  await dialog.getByText('This repeats what is to go').waitFor();
  await look(agent, 'action-redact');
  await dialog.getByLabel('Reason').fill('A password');
  await dialog.getByRole('button', { name: 'Redact for good' }).click();
  await dialog.waitFor({ state: 'detached' });
  const first = agent.getByRole('article').first();
  await first.getByText('Log in as [redacted] with [redacted].').waitFor();
  await first.getByText(/Jonas Weber redacted this message at .* · Reason: A password/).waitFor();
  await customer.getByText('Log in as [redacted] with [redacted].').waitFor();
  await customer.getByText(/Jonas Weber redacted this message/).waitFor();
  assert.equal(await customer.getByText('A password').count(), 0, 'the reason is for staff');
  assert.equal(await customer.getByText('hunter2').count(), 0);

  // A file alone, then all that is left, after which there is nothing left to do.
  const files = await redact(agent, article(agent, 'Here is the list.'));
  await files.getByRole('button', { name: 'Redact for good' }).click();
  await files.getByText('Choose a passage or a file').waitFor();
  await files.getByText('passwords.txt').click();
  await files.getByLabel('Reason').fill('Passwords');
  await look(agent, 'action-redact-files');
  await files.getByRole('button', { name: 'Redact for good' }).click();
  await files.waitFor({ state: 'detached' });
  await customer.getByRole('link', { name: /passwords.txt/ }).waitFor({ state: 'detached' });
  const whole = await redact(agent, article(agent, 'Here is the list.'));
  await whole.getByText('All of the message').click();
  await whole.getByLabel('Reason').fill('The rest');
  await look(agent, 'action-redact-whole');
  await whole.getByRole('button', { name: 'Redact for good' }).click();
  await whole.waitFor({ state: 'detached' });
  await customer.getByText('Here is the list.').waitFor({ state: 'detached' });
  const rest = agent.getByRole('article').nth(1);
  await rest.getByText('[redacted]', { exact: true }).waitFor();
  // The dialog and the button that opened it are gone: the focus is on what is left.
  await agent.waitForFunction(() => document.activeElement?.matches('article'));
  assert.equal(await rest.getByRole('button').count(), 0);
  await look(agent, 'action-redacted');
  const text = await agent.evaluate(async (path) => (await fetch(path)).text(), `/v1/tickets/${number}/messages`);
  assert.ok(!text.includes('hunter2') && !text.includes('Here is'), text);
  await close(agent, customer);
});

async function redact(page: Page, message: Locator): Promise<Locator> {
  await message.getByRole('button', { name: /^What to do with the message/ }).click();
  await message.getByRole('menuitem', { name: 'Redact…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Redact this message' });
  await dialog.waitFor();
  return dialog;
}

it('names the keys of staff in the list of keys', async () => {
  const agent = await open(browser, 'agent');
  await keysReady(agent);
  await pressBoth(agent, 'g', 'q', heading(agent, 'Queue'));
  await agent.keyboard.press('?');
  const keys = agent.getByRole('dialog', { name: 'Keyboard shortcuts' });
  for (const name of ['Mark the row', 'Write an internal note', 'On call']) await keys.getByText(name).waitFor();
  await look(agent, 'action-keys');
  await agent.keyboard.press('Escape');
  await keys.waitFor({ state: 'detached' });
  await agent.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
  await agent.keyboard.press('j');
  await agent.keyboard.press('x');
  await agent.getByText('1 marked').waitFor();
  await agent.keyboard.press('Enter');
  await agent.getByLabel('Your reply').waitFor();
  await agent.keyboard.press('n');
  await expect
    .poll(() => agent.getByLabel('Your internal note').evaluate((area) => area === document.activeElement))
    .toBe(true);
  await close(agent);

  const customer = await open(browser, 'customer');
  await keysReady(customer);
  await customer.keyboard.press('?');
  const theirs = customer.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await theirs.getByText('Next row').waitFor();
  assert.equal(await theirs.getByText('Mark the row').count(), 0);
  await close(customer);
});
