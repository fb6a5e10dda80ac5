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
import { call, createTicket, open } from './desk.ts';

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

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
/** What the browser says of requests that are refused on purpose. */
const refused = /status of 4\d\d/;

interface Policy {
  etag: string;
  loops: number;
}

it('says who is paged in which order, and supervisors change it', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.getByRole('link', { name: 'Escalation' }).click();
  await heading(page, 'Escalation').waitFor();
  const steps = page.getByRole('list', { name: 'Steps' });
  await steps.getByText('whoever is on call in Primary').waitFor();
  await page.getByText('The steps are gone through 2 times.').waitFor();
  const before = (await (await page.request.get('/v1/escalationPolicies/default')).json()) as Policy;
  try {
    await page.getByRole('button', { name: 'Change the policy' }).click();
    const form = page.getByRole('form', { name: 'Change the policy' });
    await form.waitFor();
    await form.getByRole('button', { name: 'Move step 2 up' }).click();
    await form.getByText('It is step 1 now.').waitFor();
    await form.getByRole('button', { name: 'Add a step' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    await form.getByText('Choose who is paged.').waitFor();
    const third = form.getByRole('button', { name: /^Who is paged in step 3/ });
    await hasFocus(third);
    await look(page, 'escalation-form');
    await third.click();
    await page.getByRole('listbox').getByRole('option', { name: 'everyone of Primary' }).click();
    await page.getByRole('listbox').getByRole('option', { name: 'Elif Kaya' }).click();
    await page.keyboard.press('Escape');
    await form.getByLabel('Minutes until the next step').nth(2).fill('1,5');
    await form.getByLabel(/^Minutes until an acknowledged page/).fill('soon');
    await form.getByText('Enter minutes, or nothing.').waitFor();
    await form.getByLabel(/^Minutes until an acknowledged page/).fill('120');

    // Somebody else is faster: both are put side by side.
    await call('admin', 'PATCH', '/v1/escalationPolicies/default', { loops: 5 });
    await form.getByRole('button', { name: 'Save' }).click();
    const conflict = form.getByRole('alert');
    await conflict.getByText('The steps are gone through 5 times.').waitFor();
    await look(page, 'escalation-conflict');
    await conflict.getByRole('button', { name: 'Save mine all the same' }).click();
    await page.getByText('The policy is saved.').waitFor();
    await steps.getByText('everyone of Primary, Elif Kaya').waitFor();
    await steps.getByText('then 1 minute 30 seconds for an answer').waitFor();
    expect(await steps.getByRole('listitem').first().textContent()).toContain('Secondary');
    await page.getByText('The steps are gone through 2 times.').waitFor();
    await page.getByText(/begins again after 2 hours/).waitFor();
    await hasFocus(heading(page, 'Escalation')); // the form has gone
    assertQuiet(page, refused);
    forgetComplaints(page);

    // To take theirs fills the form anew; never is said, too.
    await page.getByRole('button', { name: 'Change the policy' }).click();
    await call('admin', 'PATCH', '/v1/escalationPolicies/default', { loops: 7 });
    await form.getByRole('button', { name: 'Remove step 3' }).click();
    await form.getByRole('button', { name: 'Save' }).click();
    await conflict.getByRole('button', { name: 'Take theirs' }).click();
    expect(await form.getByLabel('How often the steps are gone through').inputValue()).toBe('7');
    await form.getByLabel(/^Minutes until an acknowledged page/).fill('');
    await form.getByRole('button', { name: 'Save' }).click();
    await page.getByText('An acknowledged page does not begin again by itself.').waitFor();
    await look(page, 'escalation');
  } finally {
    await call('admin', 'PATCH', '/v1/escalationPolicies/default', { ...before, etag: '', acknowledgeTimeout: '0s' });
  }
  assertQuiet(page, refused);
  await leave(page);
});

it('says at its place that steps reach nobody; others only read', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await heading(page, 'On call').waitFor();
  const { staff } = (await (await page.request.get('/v1/staff')).json()) as { staff: { id: string; name: string }[] };
  const ada = staff.find(({ name }) => name === 'Ada Park');
  // Ada's turn of a day comes in many years only.
  await call('admin', 'PATCH', '/v1/schedules/far?allowMissing=true', {
    name: 'Far away',
    timeZone: 'UTC',
    layers: [{ unit: 'UNIT_DAY', length: 1, start: '2190-01-01T00:00', people: [ada?.id] }],
  });
  await page.goto('/on-call/escalation');
  await page.getByRole('button', { name: 'Change the policy' }).click();
  const form = page.getByRole('form', { name: 'Change the policy' });
  await form.getByRole('button', { name: 'Remove step 2' }).click();
  await form.getByRole('button', { name: /^Who is paged in step 1/ }).click();
  await page.getByRole('listbox').getByRole('option', { name: 'whoever is on call in Primary' }).click();
  await page.getByRole('listbox').getByRole('option', { name: 'whoever is on call in Far away' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Save' }).click();
  const steps = form.getByRole('group', { name: 'Steps' });
  await steps.getByText('nobody of its steps is on call in the next seven days and has a verified contact').waitFor();
  await look(page, 'escalation-nobody');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('whoever is on call in Primary').waitFor();
  assertQuiet(page, refused);
  await leave(page);

  const engineer = await open(browser, 'engineer', '/on-call/escalation');
  await engineer.getByText('Supervisors change it.').waitFor();
  assert.equal(await engineer.getByRole('button', { name: 'Change the policy' }).count(), 0);
  assertQuiet(engineer);
  await leave(engineer);
});

const outage = {
  type: 'TICKET_TYPE_INCIDENT',
  priority: 'PRIORITY_URGENT',
  incident: { impact: 'Nobody can buy.', callbackNumber: '+44 20 7946 0012' },
};

it('a page that was acknowledged is snoozed, and begins again', async () => {
  const number = await createTicket('Acknowledged by mistake', outage);
  const page = await open(browser, 'engineer', '/on-call');
  await heading(page, 'On call').waitFor();
  const card = page.getByRole('article', { name: /Acknowledged by mistake/ });
  await card.getByRole('link').click();
  await page.getByRole('list', { name: 'History' }).waitFor(); // no longer the list, with the buttons of other pages
  await page.getByRole('button', { name: /^Acknowledge/ }).click();
  await page.getByRole('button', { name: 'Snooze…' }).click();
  const snooze = page.getByRole('dialog', { name: 'Snooze this page?' });
  await snooze.getByLabel('For how long').selectOption({ label: '2 hours' });
  await snooze.getByText(/^Paging begins again/).waitFor();
  await look(page, 'page-snooze');
  await snooze.getByRole('button', { name: 'Snooze' }).click();
  await page.getByText('The page is snoozed.').waitFor();
  await page.getByText(/^Snoozed until/).waitFor();
  await page
    .getByRole('list', { name: 'History' })
    .getByText(/^Ada Park snoozed it until/)
    .waitFor();
  await look(page, 'page-snoozed');

  // From the ticket it is taken back.
  await page.goto(`/tickets/${number}`);
  await page.getByText('Who was paged, and why').click();
  await page.getByRole('button', { name: 'Take the acknowledgement back…' }).click();
  const back = page.getByRole('dialog', { name: 'Take the acknowledgement back?' });
  await back.getByRole('button', { name: 'Page again' }).click();
  await back.getByText('Say why it is taken back.').waitFor();
  await back.getByLabel('Reason').fill('I am on a train.');
  await look(page, 'page-unacknowledge');
  // Meanwhile somebody else has done so.
  const { pages } = (await (await page.request.get(`/v1/pages?ticket=${number}`)).json()) as {
    pages: { id: string }[];
  };
  const id = pages[0]?.id ?? '';
  await call('agent', 'POST', `/v1/pages/${id}:unacknowledge`, { reason: 'She is on a train.' });
  await back.getByRole('button', { name: 'Page again' }).click();
  await back.getByText('the page is not acknowledged').waitFor();
  assertQuiet(page, refused);
  forgetComplaints(page);
  await back.getByRole('button', { name: 'Cancel' }).click();
  await page
    .getByRole('list', { name: 'History' })
    .getByText(/She is on a train\.$/)
    .waitFor();

  await call('agent', 'POST', `/v1/pages/${id}:acknowledge`, {});
  await page.goto(`/on-call/pages/${id}`);
  await page.getByRole('button', { name: 'Take the acknowledgement back…' }).click();
  await back.getByLabel('Reason').fill('I am on a train.');
  await back.getByRole('button', { name: 'Page again' }).click();
  await page.getByText('Paging has begun again.').waitFor();
  await page.getByRole('button', { name: /^Acknowledge/ }).waitFor();

  // Nobody acknowledges, and no step is left.
  for (let state = ''; state !== 'PAGE_STATE_EXHAUSTED'; ) {
    await call('agent', 'POST', `/v1/pages/${id}:escalate`, {});
    ({ state } = (await (await page.request.get(`/v1/pages/${id}`)).json()) as { state: string });
  }
  await page.reload();
  await page.getByRole('button', { name: 'Page again…' }).click();
  const again = page.getByRole('dialog', { name: 'Page again?' });
  await again.getByRole('button', { name: 'Page again' }).click();
  await again.getByText('Say why it is paged again.').waitFor();
  await again.getByLabel('Reason').fill('They call us.');
  await look(page, 'page-exhausted');
  await again.getByRole('button', { name: 'Page again' }).click();
  await page.getByText('Paging has begun again.').waitFor();
  await page
    .getByRole('list', { name: 'History' })
    .getByText(/Ada Park has paging begin again: They call us\.$/)
    .waitFor();
  await page.getByRole('button', { name: 'Escalate now' }).waitFor();
  await call('agent', 'POST', `/v1/tickets/${number}:solve`, {});
  assertQuiet(page);
  await leave(page);
});
