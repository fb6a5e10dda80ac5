import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  expectComplaints,
  hasFocus,
  leave,
  phone,
  startBrowser,
} from './browser.ts';
import { call, createTicket, deafen, open, pageOf, pick } from './desk.ts';

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

const properties = (page: Page) => page.getByRole('region', { name: 'Properties' });

it('shows in forced colours which buttons are pressed', async () => {
  const page = await open(browser, 'agent', `/tickets/${await createTicket('Seen in few colours')}`);
  await page.emulateMedia({ forcedColors: 'active' });
  const ground = (name: string) =>
    page.getByRole('button', { name, exact: true }).evaluate((one) => getComputedStyle(one).backgroundColor);
  for (const [pressed, not] of [
    ['Public reply', 'Internal note'],
    ['Write', 'Preview'],
  ] as const)
    assert.notEqual(await ground(pressed), await ground(not), `${pressed}, ${not}`);
  await page.getByRole('button', { name: 'Preview', exact: true }).click();
  assert.notEqual(await ground('Preview'), await ground('Write'));
  await close(page);
});

it('leads back to the queue', async () => {
  const page = await open(browser, 'agent', '/tickets/new?type=question');
  await page.getByRole('link', { name: 'All tickets' }).click();
  await page.waitForURL(/\/queue$/);
  await page.goto('/tickets/new?type=question');
  await page.getByRole('button', { name: 'Discard draft' }).click();
  await page.waitForURL(/\/queue$/);
  await page.goto('/nowhere');
  await page.getByRole('link', { name: 'Back to the dashboard' }).click();
  await page.waitForURL(/\/queue$/);
  await close(page);
  const lost = await pageOf(browser, 'agent');
  expectComplaints(lost, /status of 404/);
  await lost.goto('/tickets/999999');
  await lost.getByRole('main').getByRole('link', { name: 'All tickets' }).click();
  await lost.waitForURL(/\/queue$/);
  await leave(lost);
});

it('keeps notes and replies apart', async () => {
  const number = await createTicket('Who reads what?', { ccs: [{ email: 'cto@brickyard.example' }] });
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  await customer.getByRole('heading', { level: 1, name: 'Who reads what?' }).waitFor();
  const agent = await open(browser, 'agent', `/tickets/${number}`);

  // Who gets the reply is there before it is written.
  const recipients = agent.getByRole('list', { name: 'Will be mailed to' });
  await recipients.getByText('Priya Raman <priya').waitFor();
  await recipients.getByText('cto@brickyard.example').waitFor();
  assert.equal(await recipients.getByRole('listitem').count(), 2);

  await agent.getByRole('button', { name: 'Internal note' }).click();
  await agent.getByText('Only support staff can read this. Nobody is mailed.').waitFor();
  assert.equal(await recipients.count(), 0);
  await agent.getByLabel('Your internal note').fill('They pay late. Ask Elif.');
  await assertAccessible(agent, 'staff-note');

  // The text does not come along by mistake.
  await agent.getByRole('button', { name: 'Public reply' }).click();
  const dialog = agent.getByRole('dialog', { name: 'Write a public reply instead?' });
  await dialog.waitFor();
  await assertAccessible(agent, 'staff-switch');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await agent.getByLabel('Your internal note').inputValue(), 'They pay late. Ask Elif.');
  await agent.getByRole('button', { name: 'Public reply' }).click();
  await dialog.getByRole('button', { name: 'Write a public reply' }).click();
  await agent.getByLabel('Your reply').waitFor();
  assert.equal(await agent.getByLabel('Your reply').inputValue(), '');

  // Each kind keeps its own draft.
  await agent.getByRole('button', { name: 'Internal note' }).click();
  await agent.getByText('We kept your draft.').waitFor();
  assert.equal(await agent.getByLabel('Your internal note').inputValue(), 'They pay late. Ask Elif.');
  await agent.getByRole('button', { name: 'Add internal note' }).click();
  await agent.getByText('Internal note added.').waitFor();
  const note = agent.getByRole('article').filter({ hasText: 'They pay late.' });
  await note.getByText('Internal note', { exact: true }).waitFor();

  await agent.getByRole('button', { name: 'Public reply' }).click();
  await agent.getByLabel('Then set to').selectOption('Open: it is our turn');
  await agent.getByLabel('Your reply').fill('We look into it.');
  await agent.getByRole('button', { name: 'Send reply' }).click();
  await agent.getByText('Reply sent.').waitFor();
  await properties(agent).getByRole('button', { name: 'Status: Open' }).waitFor();

  // The customer sees the answer at once, and never the note.
  await customer.getByText('We look into it.').waitFor();
  assert.equal(await customer.getByText('They pay late.').count(), 0);
  await close(agent, customer);
});

it('takes no field away from somebody who writes', async () => {
  const [into, one, two] = await Promise.all(
    ['Goes on here', 'Is a duplicate', 'Looks like spam'].map((s) => createTicket(s)),
  );
  await call('agent', 'POST', `/v1/tickets/${into}:addCcs`, { emails: ['cto@brickyard.example'] });
  const agent = await open(browser, 'agent', `/tickets/${one}`);
  await agent.getByRole('button', { name: 'Internal note' }).click();
  const note = agent.getByLabel('Your internal note');
  await note.pressSequentially('They pay late. ');
  await call('admin', 'POST', `/v1/tickets/${one}:merge`, { into });
  await agent.getByText('closed tickets take no notes').waitFor();
  await agent.keyboard.type('r is what I mean');
  await hasFocus(note);
  assert.equal(await note.inputValue(), 'They pay late. r is what I mean');
  assert.equal(await agent.getByLabel('Your reply').count(), 0);
  await assertAccessible(agent, 'staff-note-closed');
  // It can be taken along, and stays a note.
  await agent.getByRole('button', { name: `Take it along to #${into}` }).click();
  await agent.getByRole('heading', { level: 1, name: 'Goes on here' }).waitFor();
  await expect.poll(() => note.inputValue()).toBe('They pay late. r is what I mean');
  await hasFocus(note);
  await agent.getByRole('button', { name: 'Add internal note' }).click();
  await agent.getByText('Internal note added.').waitFor();
  await agent
    .getByRole('article')
    .filter({ hasText: 'r is what I mean' })
    .getByText('Internal note', { exact: true })
    .waitFor();
  await agent.goto(`/tickets/${one}`);
  // A reply goes to those of the ticket where it is added.
  const recipients = agent.getByRole('list', { name: 'Will be mailed to' });
  await recipients.getByText('cto@brickyard.example').waitFor();

  const customer = await open(browser, 'customer', `/tickets/${two}`);
  expectComplaints(customer, /status of 404/);
  await agent.goto(`/tickets/${two}`);
  const reply = (page: Page) => page.getByLabel('Your reply');
  for (const page of [agent, customer]) await reply(page).pressSequentially('One moment');
  await call('admin', 'POST', `/v1/tickets/${two}:markSpam`, {});
  await agent.getByText('was marked as spam meanwhile').waitFor();
  await customer.getByText('You can no longer see this ticket').waitFor();
  await customer.getByRole('heading', { level: 1, name: 'Ticket not found' }).waitFor();
  assert.equal(await customer.getByText('Looks like spam').count(), 0);
  for (const page of [agent, customer]) {
    await hasFocus(reply(page));
    await page.keyboard.type(', please');
    assert.equal(await reply(page).inputValue(), 'One moment, please');
    await page.getByRole('button', { name: 'Send reply' }).and(page.locator('[aria-disabled=true]')).waitFor();
  }
  await assertAccessible(customer, 'ticket-gone');
  // It is all as before when the ticket is.
  await call('admin', 'POST', `/v1/tickets/${two}:restore`, {});
  await agent.getByRole('button', { name: 'Send reply' }).click();
  await agent.getByText('Reply sent.').waitFor();
  // Whoever does not write any more has nothing to keep.
  await reply(customer).fill('');
  await customer.getByRole('heading', { level: 1 }).click();
  await close(agent, customer);
});

it('changes what a ticket is, and whose', async () => {
  const number = await createTicket('Whose is it?');
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  const of = properties(agent);
  await of.getByRole('button', { name: 'Assign to me' }).click();
  await agent.getByText('assigned the ticket to Jonas Weber').waitFor();
  await pick(agent, /^Assignee:/, /Ada Park/);
  await agent.getByText('assigned the ticket to Ada Park').waitFor();

  // By keys alone: the list opens, is narrowed down, and gives the focus back.
  const assignee = of.getByRole('button', { name: /^Assignee:/ });
  await assignee.focus();
  await agent.keyboard.press('ArrowDown');
  await agent.getByRole('combobox', { name: 'Find a person' }).waitFor();
  await assertAccessible(agent, 'staff-picker');
  await agent.keyboard.type('diego');
  await agent.keyboard.press('Enter');
  await agent.getByText('assigned the ticket to Diego Marín').waitFor();
  await hasFocus(assignee);

  await of.getByRole('button', { name: /^Team:/ }).click();
  await agent.getByRole('combobox', { name: 'Find or name a team' }).fill('night watch');
  await agent.getByRole('option', { name: 'Use “night watch”' }).click();
  await agent.getByText('gave it to the team night watch').waitFor();
  await pick(agent, /^Priority:/, 'High');
  await agent.getByText('set the priority to high').waitFor();
  await of.getByRole('button', { name: 'Change tags' }).click();
  await of.getByLabel('Tags', { exact: true }).fill('Not A Tag');
  await of.getByLabel('Tags', { exact: true }).press('Enter');
  await of.getByRole('alert').waitFor();
  await of.getByLabel('Tags', { exact: true }).fill('billing');
  await of.getByLabel('Tags', { exact: true }).press('Enter');
  await of.getByText('Added: billing').waitFor({ state: 'attached' });
  await of.getByRole('button', { name: 'Save tags' }).click();
  await of.getByRole('button', { name: 'Change tags' }).waitFor();
  await of.getByText('billing').waitFor();
  await pick(agent, /^Status:/, /On hold/);
  await agent.getByText('Waiting for a third party').first().waitFor();

  await agent.getByText('Why then?').click();
  await agent.getByText(/By the “.*” plan/).waitFor();
  await agent.getByText('Mails of this ticket').click();
  const mails = agent.getByRole('list', { name: 'Mails of this ticket' });
  await mails.getByText('Accepted').first().waitFor();
  await assertAccessible(agent, 'staff-ticket');
  await resend(agent, number);

  await agent.setViewportSize(phone);
  await assertFits(agent, 'staff-ticket-phone');
  await close(agent);
});

/** Sends a mail again: one that did not arrive, others are not offered. */
async function resend(agent: Page, number: string): Promise<void> {
  const again = agent.getByRole('button', { name: /^Send again to/ });
  let refused = '';
  await agent.route(`**/v1/tickets/${number}/deliveries?*`, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    for (const mail of json.deliveries) mail.state = 'accepted';
    if (refused) json.deliveries[0].state = refused;
    await route.fulfill({ response, json });
  });
  const list = async () => {
    await agent.reload();
    await agent.getByText('Mails of this ticket').click();
    await agent.getByRole('list', { name: 'Mails of this ticket' }).getByRole('listitem').first().waitFor();
  };
  await list();
  assert.equal(await again.count(), 0);
  refused = 'refused';
  await list();
  await again.click();
  await agent.getByText(/^Sent again to /).waitFor();
}

it('puts two values of one field side by side, and only then', async () => {
  const number = await createTicket('Who decides?', { type: 'TICKET_TYPE_INCIDENT' });
  const agent = await pageOf(browser, 'agent');
  expectComplaints(agent, /status of 409/);
  await deafen(agent); // it looks at an old ticket
  await agent.goto(`/tickets/${number}`);
  await properties(agent).getByRole('button', { name: 'Priority: Normal' }).waitFor();
  const change = (part: object) => call('engineer', 'PATCH', `/v1/tickets/${number}`, part);

  await change({ priority: 'PRIORITY_HIGH' });
  await pick(agent, 'Priority: Normal', 'Low');
  const bar = agent.getByRole('alert').filter({ hasText: 'Somebody else changed this at the same time' });
  await bar.getByText('Ada Park changed Priority: Normal → High').waitFor();
  await assertAccessible(agent, 'staff-conflict');
  await bar.getByRole('button', { name: 'Take theirs' }).click();
  await bar.waitFor({ state: 'detached' });
  await properties(agent).getByRole('button', { name: 'Priority: High' }).waitFor();

  await change({ priority: 'PRIORITY_NORMAL' });
  await pick(agent, 'Priority: High', 'Low');
  await bar.getByText('Ada Park changed Priority: High → Normal').waitFor();
  await bar.getByRole('button', { name: 'Keep mine' }).click();
  await properties(agent).getByRole('button', { name: 'Priority: Low' }).waitFor();

  // What touches another field is nobody's question, and a reply never is.
  await change({ tags: ['seen'] });
  await pick(agent, /^Status:/, /On hold/);
  await properties(agent).getByRole('button', { name: 'Status: On hold' }).waitFor();
  await change({ tags: ['seen', 'twice'] });
  await agent.getByLabel('Your reply').fill('Both of us are right.');
  await agent.getByRole('button', { name: 'Send reply' }).click();
  await agent.getByText('Reply sent.').waitFor();
  assert.equal(await bar.count(), 0);
  const said = await (await agent.request.get(`/v1/tickets/${number}`)).json();
  assert.deepEqual([said.priority, said.status], ['PRIORITY_LOW', 'TICKET_STATUS_PENDING']);
  await leave(agent);
});

it('says what the reporter of a bug has not tried', async () => {
  const number = await createTicket('Reports are empty', {
    type: 'TICKET_TYPE_PROBLEM',
    problem: {
      kind: 'KIND_BUG',
      reproducedOnFreshInstallation: 'REPRODUCED_NOT_TRIED',
      reproducedLocally: 'REPRODUCED_YES',
      checkedForUpdates: true,
      readWholeTrace: true,
    },
  });
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await agent.getByText('Not tried on a fresh installation').waitFor();
  assert.equal(await agent.getByText('Not tried locally').count(), 0);
  await close(agent);
});

it('is gone for its customer as soon as it is marked as spam', async () => {
  const number = await createTicket('Win a prize');
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await agent.getByRole('heading', { level: 1, name: 'Win a prize' }).waitFor();
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  const listed = await customer.context().newPage();
  await listed.goto('/tickets?q=prize');
  const row = listed.getByRole('list', { name: 'Tickets' }).getByText('Win a prize');
  await row.waitFor();
  await customer.getByRole('heading', { level: 1, name: 'Win a prize' }).waitFor();
  assertQuiet(customer);

  await call('agent', 'POST', `/v1/tickets/${number}:markSpam`, {});
  await row.waitFor({ state: 'detached' });
  await customer.getByRole('heading', { level: 1, name: 'Ticket not found' }).waitFor();
  assertQuiet(customer, /status of 404/); // each request that was under way
  await leave(customer);
  await close(agent);
});

it('says who else is at a ticket, and who writes', async () => {
  const number = await createTicket('Who is here?');
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await agent.getByRole('heading', { level: 1, name: 'Who is here?' }).waitFor();
  const engineer = await open(browser, 'engineer', `/tickets/${number}`);
  await engineer.getByText('Jonas Weber is looking at this ticket').waitFor();
  await agent.getByText('Ada Park is looking at this ticket').waitFor();
  await engineer.getByLabel('Your reply').fill('We look into it.');
  await agent.getByText('Ada Park is writing').waitFor();
  await assertAccessible(agent, 'staff-presence');
  await engineer.goto('/queue');
  await agent.getByText('Ada Park').waitFor({ state: 'detached' });
  await close(agent, engineer);
});
