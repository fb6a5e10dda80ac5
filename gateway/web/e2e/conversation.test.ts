import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertAccessible, assertFits, assertQuiet, desk, hasFocus, leave, phone, startBrowser } from './browser.ts';
import { ask, call, createTicket, deafen, open } from './desk.ts';

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

const reply = (page: Page) => page.getByLabel('Your reply');
const article = (page: Page, hasText: string) => page.getByRole('article').filter({ hasText });

/** Looks at a page at the desk and on a phone. */
async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

it('is read on, however long it is', async () => {
  const number = await createTicket('A long conversation');
  const messages = Array.from({ length: 110 }, (_, i) => `Step ${i + 1} is done.`);
  for (const body of messages) await call('agent', 'POST', `/v1/tickets/${number}:note`, { body });
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await article(agent, 'Step 110 is done.').waitFor();

  const asked: URLSearchParams[] = [];
  agent.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (/\/(messages|events)$/.test(pathname)) asked.push(searchParams);
  });
  await call('admin', 'POST', `/v1/tickets/${number}:note`, { body: 'That was the last one.' });
  await article(agent, 'That was the last one.').waitFor();
  assert.ok(asked.length > 0 && asked.length <= 4, `${asked.length} requests for one change`);
  for (const query of asked) assert.ok(Number(query.get('after')) > 110 && !query.get('pageToken'), String(query));

  // What was said long before is another now.
  const { messages: first } = await call<{ messages: { id: string }[] }>(
    'agent',
    'GET',
    `/v1/tickets/${number}/messages?pageSize=2`,
  );
  await call('admin', 'POST', `/v1/tickets/${number}/messages/${first[1]?.id}:redact`, { reason: 'Not theirs' });
  await article(agent, 'Step 1 is done.').waitFor({ state: 'detached' });
  await agent.getByRole('article').nth(1).getByText('[redacted]', { exact: true }).waitFor();
  assert.equal(await agent.getByRole('article').count(), 112);
  await close(agent);
});

it('asks before a reply goes to another ticket than it was written to', async () => {
  const into = await createTicket('Shop is slow since the release');
  const [mine, theirs] = [await createTicket('Shop is slow'), await createTicket('Shop is slow again')];
  await call('customer', 'POST', `/v1/tickets/${into}:reply`, { body: 'It began at noon.' });
  const customer = await open(browser, 'customer', `/tickets/${mine}`);
  await reply(customer).fill('Only the search is slow.');
  await call('agent', 'POST', `/v1/tickets/${mine}:merge`, { into });
  const asked = customer.getByRole('alert').filter({ hasText: 'This ticket was closed before you sent this' });
  await asked.getByText(`Jonas Weber merged this ticket into #${into}.`).waitFor();
  const whole = async (bar: Locator) => {
    const { y = -1, height = 0 } = (await bar.boundingBox()) ?? {};
    return y >= 0 && y + height <= desk.height;
  };
  await expect.poll(() => whole(asked), { message: 'it is seen at once' }).toBe(true);
  await hasFocus(reply(customer)); // words that are being typed press no button
  await look(customer, 'reply-moved');
  await reply(customer).press('Control+Enter'); // sends nothing
  await hasFocus(asked.getByRole('button', { name: `Send it to #${into}` }));
  assert.equal(await customer.getByRole('button', { name: 'Send reply' }).count(), 0);

  // Taken along, it can be rewritten there first.
  await asked.getByRole('button', { name: `Take it along to #${into}` }).click();
  await customer.getByRole('heading', { level: 1, name: 'Shop is slow since the release' }).waitFor();
  await expect.poll(() => reply(customer).inputValue()).toBe('Only the search is slow.');
  await hasFocus(reply(customer));
  await customer.goto(`/tickets/${mine}`);
  await customer.getByText(`What you send is added there.`).waitFor();
  assert.equal(await reply(customer).inputValue(), '', 'it is there, and not here as well');
  await customer.goto(`/tickets/${into}`);
  await expect.poll(() => reply(customer).inputValue()).toBe('Only the search is slow.');
  await customer.getByRole('button', { name: 'Send reply' }).click();
  await article(customer, 'Only the search is slow.').waitFor();

  // Staff, whose page has not heard of it: the server takes nothing that would go elsewhere.
  const agent = await open(browser, 'agent', `/tickets/${theirs}`);
  await deafen(agent);
  await agent.reload();
  await reply(agent).fill('We look into it.');
  await call('admin', 'POST', `/v1/tickets/${theirs}:merge`, { into });
  await agent.getByRole('button', { name: 'Send reply' }).click();
  const refused = agent.getByRole('alert').filter({ hasText: 'Nothing was sent. What you have written is kept.' });
  await refused.waitFor();
  await agent.getByText(/merged this ticket into #\d+\./).waitFor();
  await look(agent, 'reply-moved-staff');
  await agent.getByRole('button', { name: `Send it to #${into}` }).click();
  await agent.getByRole('heading', { level: 1, name: 'Shop is slow since the release' }).waitFor();
  await article(agent, 'We look into it.').waitFor();
  assertQuiet(agent, /status of 400/);
  await leave(agent);
  await close(customer);
});

it('has fields of which text can be redacted', async () => {
  const number = await createTicket('Login fails with hunter2', {
    type: 'TICKET_TYPE_PROBLEM',
    problem: { kind: 'KIND_BUG', actual: 'Nobody gets in.', traces: "at login('hunter3')\nat main()" },
  });
  await call('agent', 'PATCH', `/v1/tickets/${number}?updateMask=subject`, { subject: 'Login fails' });
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await customer.getByText("at login('hunter3')").waitFor();
  const redact = async (field: string, passage: string) => {
    const dialog = await ask(agent, 'Redact a field…', 'Redact a field');
    await dialog.getByLabel('Field', { exact: true }).selectOption({ label: field });
    await dialog.getByLabel('Or type a passage').fill(passage);
    await dialog.getByLabel('Or type a passage').press('Enter');
    await dialog.getByText('1 place', { exact: true }).waitFor();
    await dialog.getByLabel('Reason').fill('A password');
    return dialog;
  };
  // The subject says it no more, but its history does.
  const first = await redact('Subject', 'hunter2');
  await look(agent, 'redact-field');
  await first.getByRole('button', { name: 'Redact for good' }).click();
  await first.waitFor({ state: 'detached' });
  const second = await redact('Trace', 'hunter3');
  await second.getByRole('button', { name: 'Redact for good' }).click();
  await second.waitFor({ state: 'detached' });
  for (const page of [agent, customer]) {
    await page.getByText("at login('[redacted]')").waitFor();
    await page.getByRole('heading', { level: 1, name: 'Login fails' }).waitFor();
    await page.getByText('Jonas Weber redacted “Trace”').waitFor();
  }
  await agent.getByText('Jonas Weber redacted “Subject” · Reason: A password').waitFor();
  assert.equal(await customer.getByText('A password').count(), 0, 'the reason is for staff');
  for (const part of ['', '/events', '/messages']) {
    const said = await agent.evaluate(async (path) => (await fetch(path)).text(), `/v1/tickets/${number}${part}`);
    assert.ok(!said.includes('hunter'), said);
  }
  await close(agent, customer);
});
