import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertAccessible, assertFits, assertQuiet, desk, hasFocus, leave, phone, startBrowser } from './browser.ts';
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

/** Looks at what is shown at the desk and on a phone, in both themes. */
async function look(page: Page, name: string) {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await page.setViewportSize(desk);
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

it('a supervisor makes a schedule, and changes it beside somebody else', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.getByRole('link', { name: 'Make a schedule' }).press('Enter');
  await heading(page, 'Make a schedule').waitFor();
  expect(new URL(page.url()).pathname).toBe('/on-call/schedules/new');
  const form = page.getByRole('form', { name: 'Make a schedule' });
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await form.getByText('Enter a name.').waitFor();
  await hasFocus(form.getByLabel('Name', { exact: true }));
  await form.getByLabel('Name', { exact: true }).fill('Late shift');
  await form.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await form.getByRole('alert').getByText('none of their people can be paged').waitFor();
  const people = form.getByRole('button', { name: /^People of layer 1/ });
  await people.click();
  await page.getByRole('listbox').getByRole('option', { name: 'Ada Park' }).click();
  await page.getByRole('listbox').getByRole('option', { name: 'Diego Marín' }).click();
  await page.keyboard.press('Escape');
  await form.getByRole('button', { name: 'Move Diego Marín up in layer 1' }).focus();
  await page.keyboard.press('Enter');
  await form.getByText('Diego Marín is number 1 now.').waitFor();
  await form.getByLabel('Length of a turn in layer 1').fill('2');
  await form.getByLabel('Unit of layer 1').selectOption({ label: 'days' });
  await form.getByLabel('Start of layer 1').fill('2026-11-02T09:00');
  await form.getByRole('button', { name: 'Add hours: Layer 1' }).click();
  await form.getByRole('checkbox', { name: 'Sunday' }).uncheck();
  await look(page, 'schedule-form');
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await heading(page, 'Late shift').waitFor();
  const { pathname } = new URL(page.url());
  expect(pathname).toMatch(/^\/on-call\/schedules\/late-shift-\w{6}$/);
  const layers = page.getByRole('region', { name: 'Layers' });
  await layers.getByText(/^Diego Marín, Ada Park take turns of 2 days.*only Mon–Sat 22:00–07:00$/).waitFor();

  // Somebody else is faster: both are put side by side.
  await layers.getByRole('button', { name: 'Change the schedule' }).click();
  const change = page.getByRole('form', { name: 'Change the schedule' });
  await change.getByRole('button', { name: 'Remove hours 1' }).click();
  await change.getByRole('button', { name: 'Add a layer' }).click();
  await change.getByRole('button', { name: 'Move layer 2 up' }).click();
  await change.getByText('It is layer 1 now.').waitFor();
  await call('admin', 'PATCH', pathname.replace('/on-call', '/v1'), { name: 'Later shift' });
  await change.getByRole('button', { name: 'Save the schedule' }).click();
  const conflict = change.getByRole('alert');
  await conflict.getByText('Later shift, by the clock of Tokyo').waitFor();
  await look(page, 'schedule-conflict');
  await conflict.getByRole('button', { name: 'Save mine all the same' }).click();
  await heading(page, 'Late shift').waitFor();
  await layers.getByText(/^Nobody, as planned/).waitFor();
  assertQuiet(page, /status of 4(00|09)/);
  await leave(page);
});

it('of two who make a schedule of one name, the second is told at the name', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await page.getByRole('link', { name: 'Make a schedule' }).click();
  const form = page.getByRole('form', { name: 'Make a schedule' });
  const name = form.getByLabel('Name', { exact: true });
  await name.fill('Weekends');
  await form.getByRole('button', { name: /^People of layer 1/ }).click();
  await page.getByRole('listbox').getByRole('option', { name: 'Ada Park' }).click();
  await page.keyboard.press('Escape');
  const { schedules } = await call<{ schedules: { layers: object[] }[] }>('admin', 'GET', '/v1/schedules');
  const theirs = { name: 'weekends', timeZone: 'Europe/Berlin', layers: schedules[0]?.layers };
  await call('admin', 'PATCH', '/v1/schedules/weekends?allowMissing=true', theirs);
  await form.getByRole('button', { name: 'Save the schedule' }).click();
  await form.getByText('another schedule has this name').waitFor();
  await hasFocus(name);
  expect(await name.getAttribute('aria-invalid')).toBe('true');
  await look(page, 'schedule-name');
  assertQuiet(page, /status of 409/);
  await name.fill('All weekends');
  await page.keyboard.press('Enter');
  await heading(page, 'All weekends').waitFor();
  await page.goBack();
  await heading(page, 'On call').waitFor(); // what is made is not to be made again
  assertQuiet(page);
  await leave(page);

  const engineer = await open(browser, 'engineer', '/on-call/schedules/new');
  await heading(engineer, 'Schedule not found').waitFor();
  assertQuiet(engineer);
  await leave(engineer);
});

it('for a while another schedule applies, or nobody is meant to be on call', async () => {
  const page = await open(browser, 'admin', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.goto('/on-call/schedules/secondary?view=week&day=2027-06-01');
  const exceptions = page.getByRole('region', { name: 'Exceptions' });
  await exceptions.getByRole('button', { name: 'Add a temporary schedule…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a temporary schedule' });
  await dialog.getByRole('button', { name: 'Add the temporary schedule' }).click();
  await hasFocus(dialog.getByLabel('From'));
  await dialog.getByLabel('From').fill('2027-06-01T00:00');
  await dialog.getByLabel('Until').fill('2027-06-03T00:00');
  await look(page, 'temporary');
  await dialog.getByRole('button', { name: 'Remove layer 1' }).click();
  await dialog.getByText('Nobody is meant to be on call.', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Add the temporary schedule' }).click();
  const row = exceptions.getByRole('listitem').filter({ hasText: 'Nobody, as planned' });
  await row.waitFor();
  await page
    .getByRole('region', { name: /^Calendar/ })
    .getByText('Nobody, as planned')
    .first()
    .waitFor();
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('dialog', { name: 'Delete this exception?' }).getByRole('button', { name: 'Delete' }).click();
  await row.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});

it('whoever has the link reads the calendar, until it is revoked', async () => {
  const page = await open(browser, 'engineer', '/on-call');
  await heading(page, 'On call').waitFor();
  await page.goto('/on-call/schedules/primary');
  const feeds = page.getByRole('region', { name: 'In your calendar program' });
  await feeds.getByRole('button', { name: 'Make a link' }).click();
  await feeds.getByText('never read').waitFor();
  const link = await feeds.getByRole('textbox', { name: 'Link' }).inputValue();
  const read = async () => (await fetch(link)).status;
  expect(await read()).toBe(200);
  const lastRead = feeds.getByRole('listitem').getByText(/^last read /);
  await expect
    .poll(async () => {
      await page.reload(); // it is noted beside the answer
      await feeds.getByRole('listitem').getByText('Primary').waitFor();
      return lastRead.count();
    })
    .toBe(1);
  await look(page, 'feed');
  await feeds.getByRole('button', { name: 'Make a new link' }).click();
  const again = page.getByRole('dialog', { name: 'Make a new link?' });
  await again.getByRole('button', { name: 'Make a new link' }).click();
  await again.waitFor({ state: 'detached' });
  await expect.poll(read).toBe(404);
  await page.goto('/on-call/contacts');
  const list = feeds.getByRole('list', { name: 'Your links' });
  await list.getByRole('button', { name: 'Revoke the link to Primary' }).click();
  await page.getByRole('dialog', { name: 'Revoke this link?' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The link is revoked.').waitFor();
  await list.waitFor({ state: 'detached' });
  assertQuiet(page);
  await leave(page);
});
