import type { Browser, Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { assertFits, assertQuiet, assertUncut, desk, leave, phone, shoot, startBrowser } from './browser.ts';
import { createTicket, pageOf } from './desk.ts';
import type { Logins } from './suite.ts';

// German words are the long ones: what staff see is looked at in German, at a desk and on a phone.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const views = [
  ['desk', desk],
  ['phone', phone],
] as const;

/** A page whose account speaks German, for this page alone: other tests share the account. */
async function german(who: keyof Logins, view: typeof desk): Promise<Page> {
  const page = await pageOf(browser, who, view);
  await page.route('**/v1/me', async (route) => {
    const response = await route.fetch();
    const me = await response.json();
    await route.fulfill({ response, json: { ...me, staff: { ...me.staff, locale: 'de' } } });
  });
  return page;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const rows = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link');

async function assertWhole(page: Page, name: string): Promise<void> {
  await assertFits(page, name);
  await assertUncut(page, name);
}

it.each(views)('the queue is whole at a %s', async (name, view) => {
  const page = await german('agent', view);
  await page.goto('/queue');
  await heading(page, 'Warteschlange');
  await rows(page).first().waitFor();
  await assertWhole(page, `queue-de-${name}`);
  // The last of the chips, whose list has the least room.
  await page.getByRole('button', { name: 'Ausgeblendet: beliebig' }).click();
  await page.getByRole('option', { name: 'Spam' }).waitFor();
  await assertWhole(page, `queue-chip-de-${name}`);
  await page.keyboard.press('Escape');

  await page
    .getByRole('checkbox', { name: /markieren$/ })
    .first()
    .check();
  await page.getByText('1 markiert').waitFor();
  await assertWhole(page, `queue-bulk-de-${name}`);
  await page.goto('/queue?q=is:pending');
  await page.getByRole('button', { name: 'Ansicht speichern …' }).click();
  await page.getByRole('dialog', { name: 'Diese Ansicht speichern' }).waitFor();
  await assertWhole(page, `view-save-de-${name}`);
  await page.goto('/queue?q=is:pending%20is:spam');
  await page.getByText('Hier ist kein Ticket').waitFor();
  await assertWhole(page, `queue-empty-de-${name}`);
  assertQuiet(page);
  await leave(page);
});

it.each(views)('a ticket of staff is whole at a %s, with its menus', async (name, view) => {
  const incident = { type: 'TICKET_TYPE_INCIDENT', priority: 'PRIORITY_HIGH', incident: { impact: 'Some.' } };
  const number = await createTicket(`Wer liest das? (${name})`, incident);
  const page = await german('agent', view);
  await page.goto(`/tickets/${number}`);
  const properties = page.getByRole('region', { name: 'Eigenschaften' });
  await properties.waitFor();
  await assertWhole(page, `staff-ticket-de-${name}`);
  await page.getByRole('button', { name: 'Mehr', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Löschen' }).waitFor();
  await assertWhole(page, `staff-menu-de-${name}`);
  await page.keyboard.press('Escape');
  for (const property of ['Status', 'Priorität', 'Zuständig', 'Team']) {
    await properties.getByRole('button', { name: new RegExp(`^${property}`) }).click();
    await properties.getByRole('option').first().waitFor();
    await properties.getByRole('button', { name: new RegExp(`^${property}`) }).scrollIntoViewIfNeeded();
    await assertWhole(page, `staff-${property.toLowerCase()}-de-${name}`);
    await page.keyboard.press('Escape');
  }
  await page.getByRole('button', { name: 'Interne Notiz' }).click();
  await page.getByLabel('Ihre interne Notiz').waitFor();
  await assertWhole(page, `staff-note-de-${name}`);
  for (const item of ['Art ändern', 'Meldende Person ändern', 'Als Spam markieren', 'Löschen']) {
    await page.getByRole('button', { name: 'Mehr', exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
    await page.getByRole('dialog').waitFor();
    await assertWhole(page, `staff-dialog-${item.replace(/\W+/g, '-').toLowerCase()}-de-${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  assertQuiet(page);
  await leave(page);
});

it.each(views)('on call is whole at a %s', async (name, view) => {
  const page = await german('engineer', view);
  await page.goto('/on-call');
  await heading(page, 'Bereitschaft');
  await page.getByRole('region', { name: 'Nächste Schichten' }).getByRole('listitem').first().waitFor();
  const past = page.getByRole('region', { name: 'Frühere Alarme' }).getByRole('link').first();
  await past.waitFor();
  await assertWhole(page, `on-call-de-${name}`);
  await past.click();
  await page.getByRole('list', { name: 'Verlauf' }).waitFor();
  await assertWhole(page, `page-de-${name}`);
  assertQuiet(page);
  await leave(page);
});

it.each(views)('schedules, escalation and contacts are whole at a %s', async (name, view) => {
  const page = await german('admin', view);
  await page.goto('/on-call/schedules/primary');
  await heading(page, 'Primary');
  await page.locator('.bar').first().waitFor();
  await assertWhole(page, `schedule-de-${name}`);
  for (const button of ['Ausnahme hinzufügen …', 'Zwei Schichten tauschen …']) {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('dialog').getByRole('combobox').first().waitFor();
    await assertWhole(page, `schedule-dialog-${button.replace(/\W+/g, '-').toLowerCase()}de-${name}`);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await page.goto('/on-call/escalation');
  await page.getByRole('list', { name: 'Schritte' }).waitFor();
  await assertWhole(page, `escalation-de-${name}`);
  await page.getByRole('button', { name: 'Eskalationsplan ändern' }).click();
  await page.getByRole('form').waitFor();
  await assertWhole(page, `escalation-form-de-${name}`);
  await page.goto('/on-call/contacts');
  await page.getByRole('button', { name: 'Kontaktangabe hinzufügen' }).click();
  await page.getByRole('form').getByText('PagerDuty', { exact: true }).click();
  await assertWhole(page, `contacts-de-${name}`);
  assertQuiet(page);
  await leave(page);
});

it.each(views)('the outbox is whole at a %s, with a mail that is read', async (name, view) => {
  await createTicket('A mail to read');
  const page = await pageOf(browser, 'agent', view);
  await page.goto('/dev/outbox');
  const mail = page.locator('article.mail').filter({ hasText: 'A mail to read' }).first();
  await mail.locator('summary').filter({ hasText: 'Read' }).click();
  await mail.frameLocator('iframe').getByText('A mail to read').first().waitFor();
  await mail.locator('summary').filter({ hasText: 'Reply' }).click();
  await mail.getByRole('textbox').scrollIntoViewIfNeeded();
  await assertWhole(page, `outbox-${name}`);
  await shoot(page, `outbox-${name}`);
  await leave(page);
});
