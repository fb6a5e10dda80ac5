import type { Browser, Page } from 'playwright-core';
import { desk, newPage } from '../e2e/browser.ts';
import { logInAll, type Sessions } from '../e2e/sessions.ts';
import type { Suite } from '../e2e/suite.ts';
import { cell } from './cells.ts';
import { slowdown } from './pages.ts';

// Whether lists that are long can be scrolled: the browser reports each task that takes longer than 50 ms, in which it
// answers to nothing.

export const tickets = 3_000;
export const messages = 400;
export const scrollRuns = 5;
const atOnce = 8;
const notch = 1_000; // pixels

export interface Large {
  url: string;
  sessions: Sessions;
  /** The ticket that has the long conversation. */
  talk: string;
}

/** Fills a suite with many tickets, one of which is long. */
export async function fill({ url, logins }: Suite): Promise<Large> {
  const sessions = await logInAll(url, logins);
  const post = async (who: keyof Sessions, path: string, body: object) => {
    const { name, value } = sessions[who];
    const headers = { 'Content-Type': 'application/json', Cookie: `${name}=${value}`, 'Sec-Fetch-Site': 'same-origin' };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as { number: string };
  };
  const create = (n: number) =>
    post('customer', '/v1/tickets', {
      type: 'TICKET_TYPE_QUESTION',
      subject: `Request ${n} of ${tickets}: ${'why is it slow '.repeat(1 + (n % 4)).trim()}?`,
      description: 'Please see the subject.',
      scope: { all: true },
    });
  const { number: talk } = await create(0);
  for (let n = 1; n < messages; n++) {
    const body = `Message ${n}.\n\n${'- one of **these** `lines`\n'.repeat(1 + (n % 6))}`;
    await post(n % 2 ? 'agent' : 'customer', `/v1/tickets/${talk}:reply`, { body });
  }
  let next = 1;
  const worker = async () => {
    while (next < tickets) await create(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { url, sessions, talk };
}

/** A long task, and how many rows there were at most. */
interface Scrolled {
  tasks: number[];
  rows: number;
}

/** Notes long tasks from now on. */
function listen(): void {
  const tasks: number[] = [];
  Object.assign(window, { tasks });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  }).observe({ type: 'longtask' });
}

/** Turns the wheel until the end is reached of all that there is. */
async function scroll(page: Page, rows: string, all: number): Promise<Scrolled> {
  await page.mouse.move(desk.width / 2, desk.height / 2);
  let most = 0;
  for (let end = false; !end; ) {
    await page.mouse.wheel(0, notch);
    const seen = await page.evaluate(
      ([rows, all]) =>
        new Promise<{ count: number; end: boolean }>((resolve) => {
          requestAnimationFrame(() => {
            const { scrollTop, clientHeight, scrollHeight } = document.documentElement;
            const found = document.querySelectorAll(rows);
            const last = found.item(found.length - 1)?.closest('li');
            const at = Number(last?.getAttribute('aria-posinset') ?? found.length);
            resolve({ count: found.length, end: scrollTop + clientHeight >= scrollHeight - 2 && at >= all });
          });
        }),
      [rows, all] as const,
    );
    most = Math.max(most, seen.count);
    end = seen.end;
  }
  const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
  return { tasks, rows: most };
}

interface Subject {
  name: string;
  path(large: Large): string;
  rows: string;
  all: number;
  rate: number;
}

const queue = { name: 'Queue', path: () => '/queue', rows: '.queue-rows [data-row]', all: tickets };
const talk = {
  name: 'A long conversation',
  path: ({ talk }: Large) => `/tickets/${talk}`,
  rows: '.timeline .message-card',
  all: messages,
};
const subjects: Subject[] = [queue, talk].flatMap((one) => [1, slowdown].map((rate) => ({ ...one, rate })));

async function measure(browser: Browser, large: Large, subject: Subject): Promise<Scrolled> {
  const page = await newPage(browser, large.url, desk, {});
  await page.context().addCookies([{ ...large.sessions.agent, url: large.url, httpOnly: true, sameSite: 'Lax' }]);
  await page.goto(subject.path(large));
  await page.locator(subject.rows).first().waitFor();
  await page.waitForLoadState('load');
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: subject.rate });
  await page.evaluate(listen);
  const scrolled = await scroll(page, subject.rows, subject.all);
  await page.context().close();
  return scrolled;
}

/** The rows of a table of what scrolling costs. */
export async function measureScrolling(browser: Browser, large: Large): Promise<string[]> {
  const measured = new Map<Subject, Scrolled[]>(subjects.map((subject) => [subject, []]));
  for (let run = 0; run < scrollRuns; run++) {
    for (const subject of subjects) measured.get(subject)?.push(await measure(browser, large, subject));
  }
  return [...measured].map(([{ name, rate, rows }, all]) => {
    const tasks = cell(all.map(({ tasks }) => tasks.length));
    const longest = cell(all.map(({ tasks }) => Math.max(0, ...tasks)));
    const most = rows === queue.rows ? String(Math.max(...all.map(({ rows }) => rows))) : '';
    return `| ${[name, rate === 1 ? 'as it is' : `slowed ${rate}-fold`, tasks, longest, most].join(' | ')} |`;
  });
}
