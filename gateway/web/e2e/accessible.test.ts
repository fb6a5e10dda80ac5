import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  assertUncut,
  leave,
  magnified,
  newPage,
  phone,
  startBrowser,
} from './browser.ts';
import { url } from './demo.ts';
import { createTicket, pageOf, pastPage } from './desk.ts';
import { heldMail } from './mails.ts';
import type { Logins } from './suite.ts';

// Every page as it is when it is opened, at a desk, on a phone and four times as large, in both themes. What opens on a page, and what it
// says when something is wrong, is looked at where a test comes upon it.

interface Subject {
  name: string;
  route: string;
  who?: keyof Logins;
  /** The address, where it is not the route. */
  path?: string | ((page: Page) => Promise<string>);
  ready: (page: Page) => Promise<void>;
}

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const title = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();
const rows = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
const region = (name: string) => (page: Page) => page.getByRole('region', { name }).first().waitFor();
const reply = (page: Page) => page.getByLabel('Your reply').waitFor();

const created = async () => `/tickets/${await createTicket('Is every page for everybody?')}`;

const subjects: Subject[] = [
  { name: 'login', route: '/login', ready: title('Log in') },
  { name: 'list', route: '/tickets', who: 'customer', ready: rows },
  ...['incident', 'problem', 'task', 'question'].map((type) => ({
    name: `create-${type}`,
    route: '/tickets/new',
    who: 'customer' as const,
    path: `/tickets/new?type=${type}`,
    ready: (page: Page) => page.getByLabel('Subject').waitFor(),
  })),
  { name: 'ticket', route: '/tickets/$number', who: 'customer', path: created, ready: reply },
  { name: 'staff-ticket', route: '/tickets/$number', who: 'agent', path: created, ready: region('Properties') },
  { name: 'queue', route: '/queue', who: 'agent', ready: rows },
  { name: 'on-call', route: '/on-call', who: 'engineer', ready: region('Next shifts') },
  { name: 'page', route: '/on-call/pages/$page', who: 'engineer', path: pastPage, ready: title(/./) },
  ...['', '/quarantine', '/suppressions'].map((tab) => ({
    name: `mail${tab.replace('/', '-')}`,
    route: '/mail/{-$tab}',
    who: 'agent' as const,
    path: `/mail${tab}`,
    ready: title('Mail'),
  })),
  {
    name: 'inbound-mail',
    route: '/mail/inbound/$mail',
    who: 'agent',
    path: async () => `/mail/inbound/${await heldMail('Is every mail for everybody?')}`,
    ready: title(/^Re: /),
  },
  {
    name: 'schedule',
    route: '/on-call/schedules/$schedule',
    who: 'engineer',
    path: '/on-call/schedules/primary',
    ready: (page) => page.locator('.bar').first().waitFor(),
  },
  {
    name: 'escalation',
    route: '/on-call/escalation',
    who: 'engineer',
    ready: (page) => page.getByRole('list', { name: 'Steps' }).waitFor(),
  },
  {
    name: 'drills',
    route: '/on-call/drills',
    who: 'engineer',
    ready: (page) => page.getByRole('button', { name: 'Begin a drill…' }).waitFor(),
  },
  {
    name: 'contacts',
    route: '/on-call/contacts',
    who: 'engineer',
    ready: (page) => page.getByRole('list', { name: 'Contacts' }).waitFor(),
  },
  {
    name: 'applications',
    route: '/applications',
    who: 'customer',
    ready: (page) =>
      page
        .getByText(/open tickets?$/)
        .first()
        .waitFor(),
  },
  { name: 'settings', route: '/settings', who: 'customer', ready: title('Settings') },
  { name: 'not-found', route: '/nowhere', who: 'customer', ready: title('Page not found') },
];

it.each(subjects)(
  '$name breaks no rule, and fits a phone and a window that is magnified',
  async ({ name, route, who, path = route, ready }) => {
    const page = who ? await pageOf(browser, who) : await newPage(browser, url);
    await page.goto(typeof path === 'string' ? path : await path(page));
    await ready(page);
    await assertAccessible(page, name);
    await page.setViewportSize(phone);
    await assertFits(page, `${name}-phone`);
    await assertAccessible(page, `${name}-phone`);
    await page.setViewportSize(magnified);
    await assertFits(page, `${name}-magnified`);
    await assertUncut(page, `${name}-magnified`);
    assertQuiet(page);
    await leave(page);
  },
);

it('looks at every route', () => {
  const router = fs.readFileSync(new URL('../src/router.tsx', import.meta.url), 'utf8');
  const routes = Array.from(router.matchAll(/\bpath: '([^']+)'/g), ([, route]) => route as string);
  assert.ok(routes.length > 5, 'the routes are found');
  const missing = routes.filter((route) => route !== '/' && !subjects.some((one) => one.route === route));
  assert.deepEqual(missing, [], 'a line in the table'); // "/" only leads on
});
