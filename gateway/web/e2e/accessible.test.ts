import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { pages } from '../src/pages.ts';
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
  tabTo,
} from './browser.ts';
import { url } from './demo.ts';
import { createTicket, pageOf, pastPage } from './desk.ts';
import { answeredTicket, cc, heldMail, letterTo } from './mails.ts';
import type { Logins } from './suite.ts';

// Every page as it is when it is opened, at a desk, on a phone and four times as large, in both themes. What opens on a page, and what it
// says when something is wrong, is looked at where a test comes upon it.

interface Subject {
  name: string;
  route: string;
  who?: keyof Logins;
  /** The address, where it is not the route. */
  path?: string | ((page: Page) => Promise<string>);
  /** The file of a page that is none of the dashboard, with styles of its own. */
  own?: string;
  ready: (page: Page) => Promise<void>;
}

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const title = (name: string | RegExp) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();
const rows = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().waitFor();
const region = (name: string) => (page: Page) => page.getByRole('region', { name }).first().waitFor();
const openTickets = (page: Page) =>
  page
    .getByText(/open tickets?$/)
    .first()
    .waitFor();
const reply = (page: Page) => page.getByLabel('Your reply').waitFor();

/** The link in the copy that a CC has got of a ticket. */
async function stopLink(): Promise<string> {
  const letter = await letterTo(cc, await answeredTicket('Are the pages of links for everybody?'));
  return new URL(letter.stopLink).pathname;
}

/** What a gateway shows that was built without the dashboard. It has no styles, and axe takes the canvas for white. */
async function placeholder(page: Page): Promise<string> {
  const html = fs.readFileSync(new URL('../placeholder.html', import.meta.url), 'utf8');
  const body = html.replace('</head>', '<style>html { background: Canvas; }</style></head>');
  await page.route('**/placeholder', (route) => route.fulfill({ body, contentType: 'text/html; charset=utf-8' }));
  return '/placeholder';
}

const created = async () => `/tickets/${await createTicket('Is every page for everybody?')}`;

const subjects: Subject[] = [
  { name: 'login', route: '/login', ready: title('Log in') },
  { name: 'list', route: '/tickets', who: 'customer', ready: rows },
  { name: 'staff-list', route: '/tickets', who: 'agent', ready: rows },
  ...['incident', 'problem', 'task', 'question'].map((type) => ({
    name: `create-${type}`,
    route: '/tickets/new',
    who: 'customer' as const,
    path: `/tickets/new?type=${type}`,
    ready: (page: Page) => page.getByLabel('Subject').waitFor(),
  })),
  { name: 'staff-create', route: '/tickets/new', who: 'agent', ready: title('New ticket') },
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
    name: 'schedule-new',
    route: '/on-call/schedules/$schedule',
    who: 'admin',
    path: '/on-call/schedules/new',
    ready: (page) => page.getByRole('form', { name: 'Make a schedule' }).waitFor(),
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
  { name: 'applications', route: '/applications', who: 'customer', ready: openTickets },
  { name: 'staff-applications', route: '/applications', who: 'agent', ready: title('Applications') },
  { name: 'settings', route: '/settings', who: 'customer', ready: title('Settings') },
  { name: 'staff-settings', route: '/settings', who: 'engineer', ready: title('Settings') },
  { name: 'not-found', route: '/nowhere', who: 'customer', ready: title('Page not found') },
  {
    name: 'unsubscribe',
    route: '/unsubscribe/',
    own: 'gateway/unsubscribe.html',
    path: stopLink,
    ready: (page) => page.getByRole('button', { name: 'No more copies' }).waitFor(),
  },
  {
    name: 'outbox',
    route: '/dev/outbox',
    own: 'deploy/standalone/dev/page.html',
    who: 'customer',
    ready: title('Outbox'),
  },
  {
    name: 'placeholder',
    route: '/',
    own: 'gateway/web/placeholder.html',
    path: placeholder,
    ready: title('Altis Support'),
  },
];

/** Pages that are looked at where a test brings them about, or are in others. */
const elsewhere: Record<string, string> = {
  'deploy/standalone/dev/list.html': 'accessible.test.ts', // in the outbox
  'gateway/web/index.html': 'accessible.test.ts', // the dashboard
  'gateway/web/public/away.html': 'away.test.ts',
  'services/notification/internal/acklink/page.html': 'oncall.test.ts',
};

it.each(subjects)(
  '$name breaks no rule, and fits a phone and a window that is magnified',
  async ({ name, route, who, path = route, own, ready }) => {
    const page = who ? await pageOf(browser, who) : await newPage(browser, url);
    await page.goto(typeof path === 'string' ? path : await path(page));
    await ready(page);
    const styles = own ? 'own' : 'shared';
    await assertAccessible(page, name, styles);
    await page.setViewportSize(phone);
    await assertFits(page, `${name}-phone`);
    await assertAccessible(page, `${name}-phone`, styles);
    await page.setViewportSize(magnified);
    await assertFits(page, `${name}-magnified`);
    await assertUncut(page, `${name}-magnified`);
    assertQuiet(page);
    await leave(page);
  },
);

it('lets a CC have no more copies, by keys alone, and says when a link is not valid', async () => {
  const page = await newPage(browser, url, phone);
  await page.goto(await stopLink());
  await tabTo(page, page.getByRole('button', { name: 'No more copies' }));
  await page.keyboard.press('Enter');
  await page.getByText('You get no more copies.').waitFor();
  await assertFits(page, 'unsubscribed');
  await assertAccessible(page, 'unsubscribed', 'own');
  assertQuiet(page);
  await page.goto('/unsubscribe/nothing');
  await page.getByText('This link is not valid').waitFor();
  await assertAccessible(page, 'unsubscribe-invalid', 'own');
  assertQuiet(page, /status of 404/); // of the page itself
  await leave(page);
});

/** A route of the dashboard, as router.tsx makes it. */
interface Route {
  route: string;
  page: string;
  staffOnly: boolean;
}

function routesOf(router: string): Route[] {
  return Array.from(router.matchAll(/createRoute\(\{.*?\n\}\);/gs), ([made]) => ({
    route: /\bpath: '([^']+)'/.exec(made)?.[1] ?? '',
    page: /\(pages(?:\.(\w+)|\['([\w-]+)'\]),/.exec(made)?.slice(1).find(Boolean) ?? '',
    staffOnly: made.includes('beforeLoad: staffOnly'),
  })).filter(({ page }) => page);
}

it('looks at every page, as customers and as staff have it', () => {
  const routes = routesOf(fs.readFileSync(new URL('../src/router.tsx', import.meta.url), 'utf8'));
  assert.deepEqual([...new Set(routes.map(({ page }) => page))].sort(), Object.keys(pages).sort(), 'pages.ts');
  const looked = subjects.map(({ route, who }) => `${route} as ${kindOf(who)}`);
  const wanted = routes.flatMap(({ route, staffOnly }) => {
    const kinds = route === '/login' ? ['nobody'] : staffOnly ? ['staff'] : ['customer', 'staff'];
    return kinds.map((kind) => `${route} as ${kind}`);
  });
  const missing = wanted.filter((one) => !looked.includes(one));
  assert.deepEqual(missing, [], 'a line in the table');
});

function kindOf(who: keyof Logins | undefined): string {
  if (!who) return 'nobody';
  return who === 'customer' || who === 'colleague' ? 'customer' : 'staff';
}

it('looks at every page that is not of the dashboard', () => {
  const root = path.join(import.meta.dirname, '../../..');
  const files = ['gateway', 'gateway/web', 'gateway/web/public', 'services', 'deploy/standalone'].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: !folder.startsWith('gateway'), encoding: 'utf8' })
      .map((file) => path.join(folder, file)),
  );
  const served = files.filter((file) => file.endsWith('.html') && !file.includes('/mailout/templates/')); // those are mails
  const looked = [...Object.keys(elsewhere), ...subjects.flatMap(({ own = [] }) => own)];
  assert.deepEqual([...new Set(looked)].sort(), served.sort());
  for (const file of Object.values(elsewhere)) {
    assert.match(fs.readFileSync(path.join(import.meta.dirname, file), 'utf8'), /assertAccessible\(/, file);
  }
});
