import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { desk, logIn, newPage } from './browser.ts';
import { logins, url } from './demo.ts';
import type { Logins } from './suite.ts';

export const phone = { width: 390, height: 844, scheme: 'dark' as const };

/** A page of somebody who has logged in. */
export async function open(browser: Browser, who: keyof Logins, view = desk): Promise<Page> {
  const page = await newPage(browser, url, view);
  await logIn(page, logins[who]);
  return page;
}

/** Calls the API as the page's own code would, and returns the answer. */
export async function call<T>(page: Page, method: string, path: string, body: object): Promise<T> {
  return page.evaluate(
    async ([verb, url, text]) => {
      const response = await fetch(url as string, {
        method: verb as string,
        headers: { 'Content-Type': 'application/json' },
        body: text as string,
      });
      if (!response.ok) throw new Error(`${verb} ${url}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    [method, path, JSON.stringify(body)],
  );
}

/** Opens a ticket as a customer, and returns its number. */
export async function createTicket(customer: Page, subject: string, part: object = {}): Promise<string> {
  const ticket = {
    type: 'TICKET_TYPE_QUESTION',
    subject,
    description: 'Please see the subject.',
    scope: { all: true },
  };
  return (await call<{ number: string }>(customer, 'POST', '/v1/tickets', { ...ticket, ...part })).number;
}

/** Chooses from the menu of a ticket, and returns the dialog that asks back. */
export async function ask(page: Page, item: string, title: string): Promise<Locator> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.waitFor();
  return dialog;
}

/** Nothing sticks out of the window to the side. */
export async function assertFits(page: Page, name: string): Promise<void> {
  const [content, width] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  assert.ok((content ?? 0) <= (width ?? 0), `${name}: ${content} px of content in ${width} px`);
}

/** Chooses from a list that opens below a button. */
export async function pick(page: Page, button: RegExp | string, option: RegExp | string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('listbox').getByRole('option', { name: option }).click();
}
