import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import places from '../src/places.json' with { type: 'json' };
import { assertQuiet, desk, newPage, startBrowser } from './browser.ts';
import { url } from './demo.ts';
import { createTicket, deafen, pageOf, pastPage } from './desk.ts';
import { heldMail } from './mails.ts';

// The server names a page's files and first requests before any script has run, out of src/places.json.

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

declare global {
  interface Window {
    asked: string[];
  }
}

function noteRequests() {
  window.asked = [];
  const real = window.fetch;
  window.fetch = (request, options) => {
    const { pathname, search } = new URL(request instanceof Request ? request.url : request, window.location.href);
    window.asked.push(pathname + search);
    return real(request, options);
  };
}

/** What a path has in braces. */
const values: Record<string, (page: Page) => Promise<string>> = {
  number: () => createTicket('Who asks first?'),
  page: async (page) => (await pastPage(page)).split('/').at(-1) ?? '',
  schedule: async () => 'primary',
  tab: async () => 'quarantine',
  mail: () => heldMail('Whose page is asked for?'),
};

const staff = ['queue', 'on-call', 'engineer', 'schedule', 'escalation', 'drills', 'contacts', 'mail', 'inbound-mail'];

it.each(places)('$path is asked for as it is named', async ({ path, page: name, asks = [] }) => {
  const page = await (name === 'login'
    ? newPage(browser, url, desk, {})
    : pageOf(browser, staff.includes(name) ? 'agent' : 'customer'));
  const key = /\{(\w+)\}/.exec(path)?.[1] ?? '';
  const value = (await values[key]?.(page)) ?? '';
  const filled = (text: string) => text.replace(`{${key}}`, value);
  await page.addInitScript(noteRequests);
  await deafen(page); // which has all loaded once more when it begins to hear
  // Not the answer to the page itself, which loads once more where the account's zone is not the browser's.
  const answer = await page.request.get(filled(path), { headers: { Accept: 'text/html' } });
  assert.match(await answer.text(), new RegExp(`<link rel="modulepreload" crossorigin href="/assets/${name}-page-`));

  await page.goto(filled(path));
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForFunction((asks) => asks.every((ask) => window.asked.includes(ask)), asks.map(filled));
  // What was named, but asked for in another way, goes out twice. An answer is listed when all of it has come.
  const named = asks.map((ask) => url + filled(ask)).sort();
  const received = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  await expect.poll(async () => (await received()).filter((one) => named.includes(one)).sort()).toEqual(named);
  assertQuiet(page);
  await page.context().close();
});

it('knows every route', () => {
  const router = fs.readFileSync(new URL('../src/router.tsx', import.meta.url), 'utf8');
  const routes = Array.from(router.matchAll(/\bpath: '([^']+)'/g), ([, route = '']) =>
    route.replace(/\{-\$(\w+)\}|\$(\w+)/, (_, some, one) => `{${some ?? one}}`),
  );
  const unknown = routes.filter((route) => route !== '/' && !places.some(({ path }) => path === route));
  assert.deepEqual(unknown, [], 'a line in places.json'); // "/" only leads on
});
