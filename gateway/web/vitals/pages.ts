import type { Browser, CDPSession, Locator, Page } from 'playwright-core';
import { desk, newPage } from '../e2e/browser.ts';
import { url } from '../e2e/demo.ts';
import { open } from '../e2e/desk.ts';
import { cell } from './cells.ts';

// What a page costs its reader on a slow machine and line, measured as browsers define it: the time of the largest
// contentful paint, the longest time from an interaction to the next paint, and how far what is read moves by itself.

export const runs = 9;
export const slowdown = 4;
const settle = 500; // milliseconds
/** The "Fast 4G" of Chromium's developer tools, in bytes per second and milliseconds. */
const line = { offline: false, downloadThroughput: 1_012_500, uploadThroughput: 168_750, latency: 165 };

const roles = ['customer', 'agent', 'engineer'] as const;
type Role = (typeof roles)[number];

interface Subject {
  name: string;
  role?: Role;
  path: string;
  /** What is there when the page is. */
  ready(page: Page): Locator;
  use(page: Page): Promise<void>;
}

const firstTicket = (page: Page) => page.getByRole('list', { name: 'Tickets' }).getByRole('link').first();

const subjects: Subject[] = [
  {
    name: 'Log in',
    path: '/login',
    ready: (page) => page.getByLabel('Password'),
    use: (page) => page.getByLabel('E-mail address').pressSequentially('priya@example'),
  },
  {
    name: 'List of tickets, typing a query',
    role: 'customer',
    path: '/tickets',
    ready: firstTicket,
    use: (page) => page.getByRole('combobox').first().pressSequentially('is:open err'),
  },
  {
    name: 'A ticket, typing a reply',
    role: 'customer',
    path: 'a ticket',
    ready: (page) => page.getByLabel('Your reply'),
    use: (page) => page.getByLabel('Your reply').pressSequentially('It works again.'),
  },
  {
    name: 'Create New Ticket, choosing the type and typing',
    role: 'customer',
    path: '/tickets/new',
    ready: (page) => page.getByText('Ask a question'),
    use: async (page) => {
      await page.getByText('Ask a question').click();
      await page.getByLabel('Subject').pressSequentially('Which PHP');
    },
  },
  {
    name: 'Queue, going down by keys',
    role: 'agent',
    path: '/queue',
    ready: firstTicket,
    use: async (page) => {
      await firstTicket(page).focus(); // keys of the page itself may come later
      for (let n = 0; n < 8; n++) await page.keyboard.press('j');
      await page.locator('[aria-posinset="9"] a:focus').waitFor(); // what does nothing is quick, too
    },
  },
  {
    name: 'A ticket as staff have it, typing a reply',
    role: 'agent',
    path: 'a ticket',
    ready: (page) => page.getByRole('region', { name: 'Properties' }).first(),
    use: (page) => page.getByLabel('Your reply').pressSequentially('It works again.'),
  },
  {
    name: 'On call, going through by Tab',
    role: 'engineer',
    path: '/on-call',
    ready: (page) => page.getByRole('region', { name: 'Next shifts' }).getByRole('listitem').first(),
    use: async (page) => {
      for (let n = 0; n < 12; n++) await page.keyboard.press('Tab');
    },
  },
];

const sessions = {} as Record<Role, Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>>;
let ticket: string;

/** Has everybody log in, and finds a ticket. */
async function begin(browser: Browser): Promise<void> {
  for (const role of roles) {
    const page = await open(browser, role);
    if (role === 'customer') {
      await page.goto('/tickets');
      ticket = (await firstTicket(page).getAttribute('href')) ?? '';
    }
    sessions[role] = await page.context().storageState();
    await page.context().close();
  }
}

interface Vitals {
  lcp: number;
  inp: number;
  cls: number;
}

/** An entry of layout-shift, which the types of the DOM do not have. */
interface Shift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
}

/** Notes what the browser reports of a page, from its first moment. */
function observe(): void {
  const vitals: Vitals = { lcp: 0, inp: 0, cls: 0 };
  Object.assign(window, { vitals });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) vitals.lcp = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[])
      if (entry.interactionId) vitals.inp = Math.max(vitals.inp, entry.duration);
  }).observe({ type: 'event', buffered: true, durationThreshold: 16 } as PerformanceObserverInit);
  // Shifts add up while less than a second lies between two and less than five between first and last; the largest sum counts.
  const burst = { sum: 0, first: 0, last: 0 };
  new PerformanceObserver((list) => {
    for (const { value, startTime, hadRecentInput } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue; // what somebody asked for may move things
      const on = burst.sum > 0 && startTime - burst.last < 1_000 && startTime - burst.first < 5_000;
      if (!on) Object.assign(burst, { sum: 0, first: startTime });
      burst.sum += value;
      burst.last = startTime;
      vitals.cls = Math.max(vitals.cls, burst.sum);
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

async function measure(browser: Browser, subject: Subject): Promise<Vitals> {
  const page = await newPage(browser, url, desk, subject.role ? { storageState: sessions[subject.role] } : {});
  const cdp: CDPSession = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', line);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(observe);
  await page.goto(subject.path === 'a ticket' ? ticket : subject.path);
  await subject.ready(page).waitFor();
  await page.waitForTimeout(settle); // the first key ends the search for the largest paint
  await subject.use(page);
  await page.waitForTimeout(settle); // entries come after the frame that they are of
  const vitals = await page.evaluate(() => (window as unknown as { vitals: Vitals }).vitals);
  await page.context().close();
  return vitals;
}

/** The rows of a table of what the pages cost. */
export async function measurePages(browser: Browser): Promise<string[]> {
  await begin(browser);
  const measured = new Map<string, Vitals[]>(subjects.map((subject) => [subject.name, []]));
  for (let run = 0; run < runs; run++) {
    for (const subject of subjects) measured.get(subject.name)?.push(await measure(browser, subject));
  }
  return [...measured].map(([name, all]) => {
    const numbers = [all.map((v) => v.lcp), all.map((v) => v.inp)].map((values) => cell(values));
    const shifts = all.map((v) => v.cls);
    return `| ${[name, ...numbers, cell(shifts, 3)].join(' | ')} |`;
  });
}
