import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import type { Login } from './suite.ts';

const axeSource = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Triage changes a ticket a moment after it is made: who solves it just then is refused, and the page asks again. */
const overtaken = /status of 409 .*:(solve|reopen)\)$/;

/** What the consoles of a test's pages said, and what of it the test brings about on purpose. */
const complaints = new Map<Page, { said: string[]; expected: RegExp[] }>();

/**
 * What a browser does beside showing pages. The first of these draw the address bar's suggestions as pages of their own
 * in each new context, which costs more than ours do. The list takes the place of the one that Playwright gives.
 */
const off = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'Translate',
];

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

let browser: Promise<Browser> | undefined;

/** The browser of all files of a worker, with whose process it ends. */
export function startBrowser(): Promise<Browser> {
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...flags, `--disable-features=${off.join(',')}`],
  });
  return browser;
}

interface View {
  width: number;
  height: number;
  scheme: 'light' | 'dark';
}

export const desk: View = { width: 1280, height: 800, scheme: 'light' };

export const phone: View = { width: 390, height: 844, scheme: 'light' };

/** What is left of a window of 1280 by 1024 pixels when its reader has made everything four times as large. */
export const magnified: View = { width: 320, height: 256, scheme: 'light' };

/**
 * Contexts that tests have left, by what they are like. The browser has read our files in them, compiled and kept: to do
 * that anew takes longer than most tests.
 */
const left = new WeakMap<Browser, Map<string, BrowserContext[]>>();
const likeness = new WeakMap<BrowserContext, string>();

/** Those of the test that runs. */
const inUse = new Set<BrowserContext>();

/** What Playwright says in the console where it stops the worker. */
const noWorker = 'Service Worker registration blocked by Playwright';

/**
 * A page of somebody whom the browser does not know; with `more`, in a browser that has never seen ours. Only there the
 * worker starts that answers while the dashboard is away: each page that is forgotten would start it anew, and it comes
 * between the page and `page.route` at a moment of its own.
 */
export async function newPage(browser: Browser, url: string, view = desk, more?: BrowserContextOptions): Promise<Page> {
  const like = JSON.stringify([url, view]);
  const kept = more ? undefined : left.get(browser)?.get(like)?.pop();
  const context: BrowserContext =
    kept ??
    (await browser.newContext({
      baseURL: url,
      viewport: { width: view.width, height: view.height },
      colorScheme: view.scheme,
      locale: 'en-GB',
      timezoneId: 'Europe/London',
      reducedMotion: 'reduce',
      serviceWorkers: more ? 'allow' : 'block',
      ...more,
    }));
  if (!more) likeness.set(context, like);
  inUse.add(context);
  const page = await context.newPage();
  if (kept) await forget(page, url);
  page.setDefaultTimeout(60_000);
  const said: string[] = [];
  complaints.set(page, { said, expected: [overtaken] });
  page.on('console', (message) => {
    // Of a browser that was kept waiting for seconds, by others on the machine.
    if (message.text().includes('was preloaded using link preload but not used within a few seconds')) return;
    if (message.text() === noWorker) return;
    if (['error', 'warning'].includes(message.type())) said.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return page;
}

/** Lets the browser forget whose page it was, but for our files. */
async function forget(page: Page, url: string): Promise<void> {
  const context = page.context();
  await context.clearCookies();
  const cdp = await context.newCDPSession(page);
  const storageTypes = 'local_storage,indexeddb';
  await cdp.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes });
  await cdp.detach();
}

/** Closes a page and all others of its context. */
export async function leave(page: Page): Promise<void> {
  const context = page.context();
  const browser = context.browser();
  const like = likeness.get(context);
  if (!browser || !like) return context.close();
  await Promise.all(context.pages().map((each) => each.close()));
  inUse.delete(context);
  const kept = left.get(browser) ?? new Map<string, BrowserContext[]>();
  left.set(browser, kept);
  kept.set(like, [...(kept.get(like) ?? []), context]);
}

/**
 * Says what a test brings about on purpose: several requests may fail of one cause, the last ones a while after the page
 * shows it. Of anything else in the console the test fails at its end.
 */
export function expectComplaints(page: Page, ...expected: RegExp[]): void {
  complaints.get(page)?.expected.push(...expected);
}

/** Fails on anything in the console: errors, and what the Content-Security-Policy stopped. `but` is expected from now on. */
export function assertQuiet(page: Page, but?: RegExp): void {
  if (but) expectComplaints(page, but);
  const console = complaints.get(page);
  const unexpected = console?.said.filter((line) => !console.expected.some((one) => one.test(line)));
  assert.deepEqual(unexpected, [], `the console of ${page.url()} is quiet`);
}

/** Forgets what the console said so far, after a test made something fail on purpose. */
export function forgetComplaints(page: Page): string[] {
  return complaints.get(page)?.said.splice(0) ?? [];
}

/** After each test: what it has not left is closed, for good, and all of its pages were quiet. */
export async function endTest(failed: boolean): Promise<void> {
  await Promise.all(Array.from(inUse, (context) => context.close()));
  inUse.clear();
  try {
    if (!failed) for (const page of complaints.keys()) assertQuiet(page);
  } finally {
    complaints.clear();
  }
}

interface Violation {
  id: string;
  help: string;
  nodes: { target: string[]; failureSummary?: string }[];
}

/** The rules of WCAG 2.2 AA and of best practice, and those of them that see colours. */
const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const colours = ['color-contrast', 'link-in-text-block'];

/**
 * No violation of WCAG 2.2 AA or of best practice, in both themes. The dashboard's differ in nothing but colours, which
 * themes.test.ts makes sure of; of a page with styles of its own nobody knows, and both themes are looked at in full.
 */
export async function assertAccessible(page: Page, name: string, styles: 'shared' | 'own' = 'shared'): Promise<void> {
  // As text: the page's policy allows no script that is put into it.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    // All that axe describes beside violations takes as long again.
    const runOnly = colorScheme === 'dark' && styles === 'shared' ? colours : all;
    const options = { runOnly, resultTypes: ['violations'], preload: false };
    const run = `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`;
    const found = ((await page.evaluate(run)) as Violation[]).map(
      (v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `  ${n.target.join(' ')}\n  ${n.failureSummary}`).join('\n')}`,
    );
    assert.deepEqual(found, [], `${name}, ${colorScheme}`);
    await shoot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: null });
}

const shots = process.env.ALTIS_SHOTS;

/** Keeps a picture where ALTIS_SHOTS says, for people to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
}

/** Logs in as people do, for a test of just that; `open` of desk.ts has a page of somebody who has. */
export async function logIn(page: Page, who: Login): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail address').fill(who.email);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: /^(Support|Queue)$/ }).waitFor();
}

/** Presses Tab until something has the focus, as people do who have no mouse. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor({ state: 'attached' });
  for (let n = 0; n < 80; n++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${target}`);
}

/** Waits until a control has the focus. */
export async function hasFocus(control: Locator): Promise<void> {
  await control.and(control.page().locator(':focus')).waitFor({ state: 'attached' });
}

/** Nothing sticks out of the window to the side, nor under its scroll bar, once the page has settled in it. */
export async function assertFits(page: Page, name: string): Promise<void> {
  await page
    .waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)
    .catch(() => undefined); // said below, by how much
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(over <= 0, `${name} is ${over} px too wide`);
  if (!shots) return; // each theme is drawn anew
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: null });
}

/**
 * No words stick out of what holds them, or are cut off by it. Lines that end in an ellipsis are meant to, except where
 * they are all that a control says; what can be pushed sideways is. The bars of a calendar say the rest when they are pressed.
 */
export async function assertUncut(page: Page, name: string): Promise<void> {
  const faults = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const said = node.textContent?.trim();
      const parent = node.parentElement;
      if (!said || !parent?.checkVisibility({ visibilityProperty: true })) continue;
      if (parent.closest('.hidden, .unread, .skip, select, script')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right, width } = range.getBoundingClientRect();
      for (let box: Element | null = width > 0 ? parent : null; box; box = box.parentElement) {
        const { display, overflowX, position, textOverflow } = getComputedStyle(box);
        if (display === 'inline' || display === 'contents') continue;
        if (/auto|scroll/.test(overflowX)) break;
        const edge = box.getBoundingClientRect();
        if (left >= edge.left - 1 && right <= edge.right + 1) {
          if (position !== 'absolute' && position !== 'fixed') continue;
          if (edge.left < 0 || edge.right > innerWidth) found.push(`"${said}" is out of the window`);
          break; // laid over what holds it
        }
        const whole = box.closest('button:not(.picker-button, .bar), h1, h2, h3, dt, label, .badge');
        if (textOverflow !== 'ellipsis' || whole) found.push(`"${said}" sticks out of ${box.tagName}.${box.className}`);
        break;
      }
    }
    return found;
  });
  assert.deepEqual(faults, [], name);
}

/** Opens the palette. The keys work a moment after the page, so that one press may be too early. */
export async function openPalette(page: Page, name = 'Commands'): Promise<Locator> {
  const palette = page.getByRole('dialog', { name });
  await eventually(async () => {
    if (!(await palette.isVisible())) await page.keyboard.press('Control+k');
    await palette.waitFor({ timeout: 1_000 });
  });
  return palette.getByRole('combobox');
}

/** Waits until the page listens to the keys of commands. */
export async function keysReady(page: Page): Promise<void> {
  await openPalette(page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Commands' }).waitFor({ state: 'detached' });
}

/** Presses two keys in sequence; on a busy machine the second one may be too late, and it begins anew. */
export async function pressBoth(page: Page, first: string, second: string, then: Locator): Promise<void> {
  await eventually(async () => {
    await page.keyboard.press(first);
    await page.keyboard.press(second);
    await then.waitFor({ timeout: 5_000 });
  });
}

/** Lets the clock of a page run ahead until something is there that the page comes to by itself. It has to be installed. */
export async function hurry(page: Page, what: Locator): Promise<void> {
  await eventually(async () => {
    await page.clock.fastForward(10_000);
    await what.waitFor({ timeout: 2_000 });
  });
}

async function eventually(run: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
