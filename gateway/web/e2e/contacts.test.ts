import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  forgetComplaints,
  hasFocus,
  leave,
  phone,
  startBrowser,
} from './browser.ts';
import { call, open } from './desk.ts';

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
const list = (page: Page) => page.getByRole('list', { name: 'Contacts' });
const row = (page: Page, address: string) => list(page).getByRole('listitem').filter({ hasText: address });

it('an engineer adds a way to be reached, tries it, and removes it', async () => {
  const page = await open(browser, 'engineer', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.getByRole('link', { name: 'How you are reached' }).click();
  await heading(page, 'How you are reached').waitFor();
  await list(page).getByText('Webhook').first().waitFor();
  assert.equal(await page.getByLabel('Whose').count(), 0);
  const webhook = list(page).getByRole('listitem').filter({ hasText: 'Webhook' });
  await webhook.getByRole('button', { name: /^Send a test/ }).click();
  await webhook
    .getByRole('status')
    .getByText(/^The test was accepted/)
    .waitFor();
  await look(page, 'contact-tested');

  await page.getByRole('button', { name: 'Add a contact' }).click();
  const form = page.getByRole('form', { name: 'Add a contact' });
  await form.getByText('PagerDuty', { exact: true }).click();
  await form.getByRole('button', { name: 'Add the contact' }).click();
  await form.getByText('Enter the key.').waitFor();
  await hasFocus(form.getByLabel('Integration key'));
  await look(page, 'contact-form');
  await form.getByText('Webhook', { exact: true }).click();
  await form.getByLabel('Address of the webhook').fill('no address');
  await form.getByRole('button', { name: 'Add the contact' }).click();
  await hasFocus(form.getByLabel('Address of the webhook'));
  assertQuiet(page, /status of 400/);
  forgetComplaints(page);
  const nowhere = new URL('/v1/nowhere', page.url()).href;
  await form.getByLabel('Address of the webhook').fill(nowhere);
  await form.getByRole('button', { name: 'Add the contact' }).click();
  await page.getByText('The contact is added.').waitFor();
  await page.getByText(/whsec_/).waitFor();
  const night = row(page, nowhere);
  const refused = night.getByText(/^The code did not arrive: .*40\d/);
  await refused.waitFor();
  await look(page, 'contact-added');
  await page.reload();
  await refused.waitFor();
  await night.getByRole('button', { name: /^Delete/ }).click();
  const ask = page.getByRole('dialog', { name: 'Delete this contact?' });
  await look(page, 'contact-delete');
  await ask.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The contact is deleted.').waitFor();
  await night.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('a contact is used once its code was entered', async () => {
  const address = 'ada.at.night@altis.example';
  const page = await open(browser, 'engineer', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.goto('/on-call/contacts');
  await page.getByRole('button', { name: 'Add a contact' }).click();
  const form = page.getByRole('form', { name: 'Add a contact' });
  await form.getByLabel('E-mail address').fill(address);
  await form.getByRole('button', { name: 'Add the contact' }).click();
  const night = row(page, address);
  await night.getByText('Not verified').waitFor();
  assert.equal(await night.getByRole('button', { name: /^Send a test/ }).count(), 0);
  await night.getByLabel('Code').fill('12345');
  await night.getByRole('button', { name: 'Verify' }).click();
  await night.getByText('Enter the six digits.').waitFor();
  let code = '';
  const sent = async () => {
    const outbox = await (await page.request.get('/dev/outbox/list')).text();
    code = /(\d{6}) is your code/.exec(outbox)?.[1] ?? '';
    return code;
  };
  await expect.poll(sent).not.toBe('');
  await night.getByLabel('Code').fill(code === '000000' ? '000001' : '000000');
  await night.getByRole('button', { name: 'Verify' }).click();
  await night.getByText('is not the code that was sent last').waitFor();
  await page.reload(); // what is left is known to the server
  await night.getByText('4 tries are left.').waitFor();
  await look(page, 'contact-verify');
  assertQuiet(page, /status of 400/);
  forgetComplaints(page);
  await night.getByLabel('Code').fill(code);
  await night.getByRole('button', { name: 'Verify' }).click();
  await page.getByText(`${address} is verified.`).waitFor();
  await night.getByRole('button', { name: /^Send a test/ }).waitFor();
  await night.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog', { name: 'Delete this contact?' }).getByRole('button', { name: 'Delete' }).click();
  await night.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('a supervisor looks after those of others', async () => {
  const page = await open(browser, 'admin', '/on-call/contacts');
  await page.getByLabel('Whose').selectOption({ label: 'Diego Marín' });
  await heading(page, 'How Diego Marín is reached').waitFor();
  await list(page).getByText('Webhook').waitFor();
  expect(new URL(page.url()).search).toContain('person=');
  await page.getByLabel('Whose').selectOption({ label: 'Jonas Weber' });
  await page.getByText('None is verified: pages go by mail to jonas.weber@altis.example.').waitFor();
  assertQuiet(page);
  await leave(page);
});

it('somebody says in which order they are called, and when notices wait', async () => {
  const page = await open(browser, 'agent', '/on-call/contacts');
  await heading(page, 'How you are reached').waitFor();
  const rules = page.getByRole('region', { name: 'Order and quiet hours' });
  await rules.getByText(/^No order is set: the verified/).waitFor();
  await rules.getByRole('button', { name: 'Change order and quiet hours' }).click();
  const form = page.getByRole('form', { name: 'Change order and quiet hours' });
  await form.getByText('Add a contact first.').first().waitFor();
  await form.getByRole('button', { name: 'Add hours' }).click();
  await form.getByRole('checkbox', { name: 'Saturday' }).uncheck();
  await form.getByRole('checkbox', { name: 'Sunday' }).uncheck();
  await form.getByLabel('From').fill('');
  await form.getByRole('button', { name: 'Save' }).click();
  await hasFocus(form.getByLabel('From'));
  await form.getByLabel('From').fill('22:30');
  await form.getByText('until the next day').waitFor();
  await form.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await form.getByRole('button', { name: 'Save' }).click();
  await rules.getByText('Mon–Fri 22:30–07:00').waitFor();
  await rules.getByText('in Tokyo').waitFor();
  await rules.getByText(/^Notices about on-call wait/).waitFor();
  await rules.getByRole('button', { name: 'Change order and quiet hours' }).click();
  await form.getByRole('button', { name: 'Remove hours 1' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await rules.getByText(/^There are none: notices/).waitFor();
  assertQuiet(page);
  await leave(page);
});

it('the order of calls is made of contacts, by keys too', async () => {
  const address = 'ada.in.order@altis.example';
  const page = await open(browser, 'engineer', '/on-call');
  await heading(page, 'On call').waitFor();
  const { staff } = await call<{ staff: { id: string } }>('engineer', 'GET', '/v1/me');
  const made = { person: staff.id, channel: 'CHANNEL_EMAIL', address };
  const none = { urgent: [], quietHours: null };
  await call('engineer', 'PATCH', `/v1/notificationRules/${staff.id}`, none);
  const { id } = await call<{ id: string }>('engineer', 'POST', '/v1/contacts', made);
  await page.goto('/on-call/contacts');
  const rules = page.getByRole('region', { name: 'Order and quiet hours' });
  await rules.getByRole('button', { name: 'Change order and quiet hours' }).click();
  const form = page.getByRole('form', { name: 'Change order and quiet hours' });
  const add = form.getByRole('button', { name: 'Add a step: Pages about urgent incidents' });
  await add.click();
  await form.getByLabel('Contact of step 1').selectOption({ label: `Mail: ${address} (Not verified)` });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('none of their contacts is verified').waitFor();
  await hasFocus(form.getByLabel('Contact of step 1'));
  await add.click();
  await form.getByLabel('Minutes until step 2').fill('61');
  await form.getByRole('button', { name: 'Save' }).click();
  await hasFocus(form.getByLabel('Minutes until step 2'));
  await form.getByLabel('Minutes until step 2').fill('2,5');
  await form.getByRole('button', { name: 'Move step 2 up' }).focus();
  await page.keyboard.press('Enter');
  await form.getByText('It is step 1 now.').waitFor();
  await hasFocus(form.getByRole('button', { name: 'Move step 1 up' })); // it stays with the step
  await form.getByRole('button', { name: 'Add hours' }).click();
  await look(page, 'rules-form');
  await form.getByRole('button', { name: 'Save' }).click();
  const steps = rules.getByRole('list', { name: 'Pages about urgent incidents' });
  await steps.getByRole('listitem').filter({ hasText: address }).getByText('After 2 minutes 30 seconds').waitFor();
  await steps.getByText('Not verified: passed over').waitFor();
  await look(page, 'rules');
  assertQuiet(page, /status of 400/);
  // What was refused is in the log; a contact that goes takes its step with it.
  await call('engineer', 'DELETE', `/v1/contacts/${id}`);
  await call('engineer', 'PATCH', `/v1/notificationRules/${staff.id}`, none);
  await leave(page);
});
