import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  forgetComplaints,
  hasFocus,
  keysReady,
  leave,
  phone,
  startBrowser,
  tabTo,
} from './browser.ts';
import { call, open } from './desk.ts';

let browser: Browser;

// Other tests of the same demo expect its own schedules only.
afterAll(async () => {
  const { schedules } = await call<{ schedules: { id: string }[] }>('admin', 'GET', '/v1/schedules');
  for (const { id } of schedules) {
    if (id !== 'primary' && id !== 'secondary') await call('admin', 'DELETE', `/v1/schedules/${id}`);
  }
});

beforeAll(async () => {
  browser = await startBrowser();
});

const calendar = (page: Page) => page.getByRole('region', { name: /^Calendar/ });
const exceptions = (page: Page) => page.getByRole('region', { name: 'Exceptions' });
const dialog = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });
const focused = (page: Page) => page.locator(':focus');

/** Looks at what is shown at the desk and on a phone, in both themes. */
async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

/** A page of somebody of the staff, which was loaded once more if they live in another zone than the browser. */
async function atOnCall(who: 'engineer' | 'admin'): Promise<Page> {
  const page = await open(browser, who, '/on-call');
  await page.getByRole('heading', { level: 1, name: 'On call' }).waitFor();
  return page;
}

interface Person {
  id: string;
  name: string;
}

/** The staff by their first names. */
async function staff(page: Page): Promise<Record<string, Person>> {
  const { staff } = (await (await page.request.get('/v1/staff')).json()) as { staff: Person[] };
  return Object.fromEntries(staff.map((person) => [person.name.split(' ')[0], person]));
}

/** A schedule of one layer, in Kathmandu: of Ada and Diego in turns of a day, with nobody on Sundays. */
async function makeSchedule(page: Page, id: string, name: string, change: object = {}) {
  const { Ada, Diego } = await staff(page);
  const layer = {
    name: 'Days',
    unit: 'UNIT_DAY',
    length: 1,
    start: '2026-01-05T09:00',
    people: [Ada?.id, Diego?.id],
    restrictions: [{ weekdays: [1, 2, 3, 4, 5, 6], from: '00:00', until: '24:00' }],
  };
  const schedule = { name, timeZone: 'Asia/Kathmandu', layers: [layer], ...change };
  await call('admin', 'PATCH', `/v1/schedules/${id}?allowMissing=true`, schedule);
}

it('shows who is on call when, to eyes, keys and a phone', async () => {
  const page = await atOnCall('engineer');
  await makeSchedule(page, 'days', 'Days in Kathmandu');
  await page.reload();
  await page.getByRole('region', { name: 'Calendars' }).getByRole('link', { name: 'Days in Kathmandu' }).click();
  await page.getByRole('heading', { level: 1, name: 'Days in Kathmandu' }).waitFor();
  await page.getByText('The schedule goes by Kathmandu.').waitFor();
  const weeks = calendar(page).getByRole('region', { name: /^Week of/ });
  const bars = weeks.getByRole('button');
  await bars.filter({ hasText: 'Ada Park' }).first().waitFor();
  expect(await weeks.count()).toBe(2);
  await bars.filter({ hasText: 'Diego Marín' }).first().waitFor();
  await bars.filter({ hasText: 'Nobody' }).first().waitFor();
  await calendar(page)
    .getByText(/^Nobody is on call in \d+ parts? of this time\.$/)
    .waitFor();
  await look(page, 'calendar');

  // Tab leads to the shift of now, the arrows to the others, and Enter opens one.
  await tabTo(page, weeks.locator('[tabindex="0"]').first());
  const first = await focused(page).textContent();
  await page.keyboard.press('ArrowRight');
  expect(await focused(page).textContent()).not.toBe(first);
  await page.keyboard.press('ArrowLeft');
  expect(await focused(page).textContent()).toBe(first);
  await page.keyboard.press('Home');
  await hasFocus(bars.first());
  await page.keyboard.press('End');
  await hasFocus(bars.last());
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const shift = dialog(page, /Ada Park|Diego Marín|Nobody/);
  await shift.getByText(/In Kathmandu: from/).waitFor();
  await look(page, 'shift');
  await page.keyboard.press('Escape');
  await shift.waitFor({ state: 'detached' });

  await calendar(page).getByRole('link', { name: 'Month' }).click();
  await page.waitForURL(/view=month/);
  await expect.poll(() => weeks.count()).toBeGreaterThan(3);
  await bars.filter({ hasText: 'Ada Park' }).first().waitFor();
  await look(page, 'calendar-month');
  await calendar(page).getByRole('link', { name: 'Later' }).click();
  await page.waitForURL(/day=/);
  await calendar(page).getByRole('link', { name: 'Later' }).click(); // the next month may begin with this week
  await expect.poll(() => page.locator('.now').count()).toBe(0);
  await keysReady(page);
  await page.keyboard.press('t');
  await page.waitForURL((url) => !url.search.includes('day='));
  await page.locator('.now').waitFor({ state: 'attached' });
  await calendar(page).getByRole('link', { name: 'Week', exact: true }).click();
  await expect.poll(() => weeks.count()).toBe(1);
  await look(page, 'calendar-week');

  await page.setViewportSize(phone);
  const days = calendar(page).getByRole('heading', { level: 3 });
  await expect.poll(() => days.count()).toBe(7);
  await days.filter({ hasText: 'Today' }).waitFor();
  await assertAccessible(page, 'calendar-days');
  await calendar(page)
    .getByRole('button', { name: /Ada Park/ })
    .first()
    .click();
  await dialog(page, 'Ada Park').waitFor();
  assertQuiet(page);
  await leave(page);
});

/** Waits for an exception in the list. */
const row = (page: Page, what: string): Locator => exceptions(page).getByRole('listitem').filter({ hasText: what });

it('somebody stands in, by the dialog and by dragging, and does not', async () => {
  const page = await atOnCall('engineer');
  await makeSchedule(page, 'stand-in', 'To stand in');
  await page.goto('/on-call/schedules/stand-in?view=week&day=2027-03-23');
  const week = calendar(page).getByRole('region', { name: /^Week of/ });
  await week.getByRole('button').first().waitFor();

  await exceptions(page).getByRole('button', { name: 'Add an exception…' }).click();
  const form = dialog(page, 'Add an exception');
  await form.getByRole('button', { name: 'Add the exception' }).click();
  await form.getByText('Choose who it is.').waitFor();
  expect(await form.getByText('Enter day and time.').count()).toBe(2);
  await hasFocus(form.getByLabel('Who is on call'));
  await look(page, 'override-errors');
  await form.getByLabel('Who is on call').selectOption({ label: 'Elif Kaya' });
  await form.getByLabel('From').fill('2027-03-24T10:00');
  await form.getByLabel('Until').fill('2027-03-28T02:30'); // when Berlin's clocks go forward, in whose time Ada lives
  await form.getByText('This time does not exist: the clocks go forward then.').waitFor();
  await form.getByLabel('Until').fill('2027-03-24T09:00');
  await form.getByText('The end must be after the beginning.').waitFor();
  await form.getByLabel('Until').fill('2027-03-24T18:00');
  await form.getByText('In Kathmandu that is Wed 24 Mar, 14:45 to Wed 24 Mar, 22:45.').waitFor();
  await look(page, 'override');
  await form.getByRole('button', { name: 'Add the exception' }).click();
  await page.getByText('The exception is added.').waitFor();
  await row(page, 'Elif Kaya instead of whoever is on call').waitFor();
  const bar = week.getByRole('button', { name: /Elif Kaya.*stands in/ });
  await bar.waitFor();
  await look(page, 'calendar-override');

  // Dragged over Thursday, from the second to the fifth hour of seven parts of it.
  const box = await week.boundingBox();
  assert.ok(box);
  const y = box.y + box.height - 8;
  await page.mouse.move(box.x + (box.width * 3.26) / 7, y);
  await page.mouse.down();
  await page.mouse.move(box.x + (box.width * 3.4) / 7, y, { steps: 3 });
  await page.mouse.move(box.x + (box.width * 3.75) / 7, y, { steps: 3 });
  await page.locator('.ghost').waitFor({ state: 'attached' });
  await page.mouse.up();
  expect(await form.getByLabel('From').inputValue()).toBe('2027-03-25T06:00');
  expect(await form.getByLabel('Until').inputValue()).toBe('2027-03-25T18:00');
  await form.getByRole('button', { name: 'Cancel' }).click();
  assert.equal(await page.locator('.ghost').count(), 0);

  // From the shift itself it is filled in.
  await bar.click();
  await dialog(page, 'Elif Kaya').getByRole('button', { name: 'Have somebody stand in…' }).click();
  expect(await form.getByLabel('For whom').inputValue()).not.toBe('');
  expect(await form.getByLabel('From').inputValue()).toBe('2027-03-24T10:00');
  await page.keyboard.press('Escape');

  await row(page, 'Elif Kaya')
    .getByRole('button', { name: /^Delete/ })
    .click();
  const ask = dialog(page, 'Delete this exception?');
  await look(page, 'override-delete');
  await ask.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The exception is deleted.').waitFor();
  await row(page, 'Elif Kaya').waitFor({ state: 'detached' });
  await bar.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('two people swap shifts; an agent only looks', async () => {
  const page = await atOnCall('engineer');
  await makeSchedule(page, 'swap', 'To swap');
  await page.goto('/on-call/schedules/swap');
  await exceptions(page).getByRole('button', { name: 'Swap two shifts…' }).click();
  const form = dialog(page, 'Swap two shifts');
  await form.getByRole('button', { name: 'Swap them' }).click();
  await hasFocus(form.getByLabel('One shift'));
  const choose = async (label: string, who: RegExp) => {
    const value = await form.getByLabel(label).getByRole('option', { name: who }).nth(1).getAttribute('value');
    await form.getByLabel(label).selectOption(value);
  };
  await choose('One shift', /^Ada Park/);
  expect(
    await form
      .getByLabel('The other shift')
      .getByRole('option', { name: /^Ada Park/ })
      .count(),
  ).toBe(0);
  await choose('The other shift', /^Diego Marín/);
  await form.getByText(/^Diego Marín takes/).waitFor();
  await look(page, 'swap');
  await form.getByRole('button', { name: 'Swap them' }).click();
  await page.getByText('The shifts are swapped.').waitFor();
  await row(page, 'Diego Marín instead of Ada Park').waitFor();
  await row(page, 'Ada Park instead of Diego Marín').waitFor();
  assertQuiet(page);
  await leave(page);

  const agent = await open(browser, 'agent', '/on-call/schedules/swap');
  await exceptions(agent).getByText('Engineers and supervisors add and delete exceptions.').waitFor();
  assert.equal(await exceptions(agent).getByRole('button').count(), 0);
  await agent.goto('/on-call/schedules/nowhere');
  await agent.getByRole('heading', { level: 1, name: 'Schedule not found' }).waitFor();
  assertQuiet(agent);
  await leave(agent);
});

it('a supervisor deletes a schedule that no step names', async () => {
  const page = await atOnCall('admin');
  await makeSchedule(page, 'goes', 'To delete');
  await page.goto('/on-call/schedules/primary');
  await page.getByRole('button', { name: 'Delete the schedule…' }).click();
  await dialog(page, 'Delete Primary?').getByRole('button', { name: 'Delete the schedule' }).click();
  await dialog(page, 'Delete Primary?').getByRole('alert').waitFor(); // it is in use
  await look(page, 'schedule-delete');
  assertQuiet(page, /status of 400/);
  forgetComplaints(page);
  await page.goto('/on-call/schedules/goes');
  await page.getByRole('button', { name: 'Delete the schedule…' }).click();
  await dialog(page, 'Delete To delete?').getByRole('button', { name: 'Delete the schedule' }).click();
  await page.getByRole('heading', { level: 1, name: 'On call' }).waitFor();
  await page.getByRole('region', { name: 'Calendars' }).getByRole('link', { name: 'Primary' }).waitFor();
  await page.getByRole('link', { name: 'To delete' }).waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});
