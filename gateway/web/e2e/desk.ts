import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { desk, newPage } from './browser.ts';
import { sessions, url } from './demo.ts';
import type { Logins } from './suite.ts';

/** A page of somebody who has logged in. */
export async function open(browser: Browser, who: keyof Logins, path = '/', view = desk): Promise<Page> {
  const page = await pageOf(browser, who, view);
  await page.goto(path);
  return page;
}

/** The same with nothing on it yet. */
export async function pageOf(browser: Browser, who: keyof Logins, view = desk): Promise<Page> {
  const page = await newPage(browser, url, view);
  await enter(page.context(), who);
  return page;
}

/** Lets a context be somebody who has logged in; `at` is the address, if it is not the demo's own. */
export async function enter(context: BrowserContext, who: keyof Logins, at = url): Promise<void> {
  await context.addCookies([{ ...sessions[who], url: at, httpOnly: true, sameSite: 'Lax' }]);
}

/** Lets a page hear of no change. A stream that failed would have it ask by itself after a while. */
export async function deafen(page: Page): Promise<void> {
  await page.route('**/v1/tickets:watch*', () => undefined); // neither answered nor refused
}

/** Calls the API as somebody's page would, and returns the answer. */
export async function call<T>(who: keyof Logins, method: string, path: string, body?: object): Promise<T> {
  const { name, value } = sessions[who];
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', Cookie: `${name}=${value}`, 'Sec-Fetch-Site': 'same-origin' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

let created: string[] = [];

/** Begins to count the tickets of a test. */
export function beginTickets(): void {
  created = [];
}

/** Deletes the tickets that the test has created. */
export async function deleteTickets(): Promise<void> {
  for (const number of created.splice(0)) await call('admin', 'DELETE', `/v1/tickets/${number}`);
}

/** Opens a ticket as the customer, and returns its number. */
export async function createTicket(subject: string, part: object = {}): Promise<string> {
  const ticket = {
    type: 'TICKET_TYPE_QUESTION',
    subject,
    description: 'Please see the subject.',
    scope: { all: true },
  };
  const { number } = await call<{ number: string }>('customer', 'POST', '/v1/tickets', { ...ticket, ...part });
  created.push(number);
  return number;
}

/** Chooses from the menu of a ticket, and returns the dialog that asks back. */
export async function ask(page: Page, item: string, title: string): Promise<Locator> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  return dialog;
}

/** Chooses from a list that opens below a button. */
export async function pick(page: Page, button: RegExp | string, option: RegExp | string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('listbox').getByRole('option', { name: option }).click();
}

/** The link by which a page of an engineer is acknowledged, out of what was sent about a ticket. */
export async function sentLink(page: Page, words: string): Promise<string> {
  await page.goto('/dev/outbox'); // which follows what is sent
  const sent = page.locator('article.page', { hasText: words });
  return (await sent.getByRole('link', { name: 'open the link' }).first().getAttribute('href')) ?? '';
}

/** The address of a page of an engineer that has been answered. */
export async function pastPage(page: Page): Promise<string> {
  await page.goto('/on-call');
  const link = page.getByRole('region', { name: 'Past pages' }).getByRole('link').first();
  return (await link.getAttribute('href')) ?? '';
}
