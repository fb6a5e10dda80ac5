import assert from 'node:assert/strict';
import http from 'node:http';
import type { Browser, Page, Route } from 'playwright-core';
import { afterEach, beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertQuiet,
  desk,
  expectComplaints,
  forgetComplaints,
  hurry,
  leave,
  logIn,
  newPage,
  phone,
  shoot,
  startBrowser,
} from './browser.ts';
import { logins, url } from './demo.ts';
import { createTicket, enter, open, pageOf } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

/** What stands between browser and gateway, and can fail. */
class Front {
  broken = 0; // the status that pages get; 0 = none
  readonly #server = http.createServer((request, response) => {
    if (this.broken) {
      response.writeHead(this.broken, { 'Content-Type': 'text/html' }).end('<h1>Bad gateway</h1>');
      return;
    }
    const { pathname, port } = { pathname: request.url ?? '/', port: new URL(url).port };
    const options = {
      host: '127.0.0.1',
      port,
      path: pathname,
      method: request.method ?? 'GET',
      headers: request.headers,
    };
    const onward = http.request(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  #port = 0;

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as { port: number }).port;
    return `http://localhost:${this.#port}`;
  }

  async stop(): Promise<void> {
    // Refuses new ones first: pages that wait for it ask again at any moment.
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

let front: Front;
afterEach(() => front?.stop().catch(() => undefined));

async function withWorker(): Promise<Page> {
  front = new Front();
  const address = await front.start();
  const page = await newPage(browser, address, desk, {});
  await enter(page.context(), 'customer', address);
  await page.goto('/tickets');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while ((await caches.match('/away.html')) === undefined) await new Promise((wait) => setTimeout(wait, 50));
  });
  return page;
}

/** What the browser says of a connection that is gone: its own words, and the worker's answer. */
const offline = [/ERR_INTERNET_DISCONNECTED/, /status of 503/];

const away = (page: Page) => page.getByRole('heading', { level: 1, name: 'The dashboard cannot be reached' });

it('says where to turn when the connection is gone', async () => {
  const page = await withWorker();
  assertQuiet(page);
  // On the page that is open: a bar, and what is typed stays.
  await page.goto('/tickets/new?type=question');
  await page.getByLabel('Subject').fill('Typed before it went');
  await page.getByText('Draft saved on this device').waitFor();
  expectComplaints(page, ...offline);
  await page.context().setOffline(true);
  await page.getByRole('alert').filter({ hasText: 'You are offline.' }).getByText('sysops@altis.example').waitFor();
  await assertAccessible(page, 'offline');

  // A new page: what the worker has kept.
  await page.reload();
  await away(page).waitFor();
  await page.getByText('You are offline.').first().waitFor();
  await page.getByRole('link', { name: 'sysops@altis.example' }).waitFor();
  await page.getByText('Only for serious downtime').first().waitFor();
  await assertAccessible(page, 'away-offline');
  await page.setViewportSize(phone);
  await shoot(page, 'phone-away');
  await page.context().setOffline(false); // it comes back by itself
  await page.getByText('We kept your draft.').waitFor();
  assert.equal(await page.getByLabel('Subject').inputValue(), 'Typed before it went');
  await page.context().close();
});

it('sends what was written without a connection, when it is back', async () => {
  const page = await open(browser, 'customer', `/tickets/${await createTicket('Sent from a tunnel')}`);
  expectComplaints(page, ...offline);
  await page.getByLabel('Your reply').fill('Written in the dark.');
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Send reply' }).click();
  await page.getByRole('button', { name: 'Waits for the connection…' }).waitFor();
  await page.context().setOffline(false);
  await page.getByRole('article').filter({ hasText: 'Written in the dark.' }).waitFor();
  await expect.poll(() => page.getByLabel('Your reply').inputValue()).toBe(''); // its answer may come after the message
  await page.context().close();
});

it('says where to turn when the gateway is gone, or what is before it', async () => {
  const page = await withWorker();
  expectComplaints(page, /status of 50\d/, /net::ERR_/);
  await page.clock.install();
  for (const status of [0, 502]) {
    if (status) front.broken = status;
    else await front.stop();
    await page.goto('/tickets?tab=all');
    await away(page).waitFor();
    await page.getByText('is not answering').first().waitFor();
    await page.getByRole('link', { name: 'sysops@altis.example' }).waitFor();
    await assertAccessible(page, 'away-down');
    await page.getByRole('button', { name: 'Try again' }).click();
    await away(page).waitFor();
    if (!status) await front.start();
    front.broken = 0;
    await hurry(page, page.getByRole('list', { name: 'Tickets' })); // it comes back by itself
  }
  await page.context().close();
});

// A path that is none: browsers leave out tabs and line breaks, and take a backslash for a slash.
it.each(['/%09/', '/%0A/', '/%0D%0A/', '//', '/%5C', '/%09%5C', 'https://'])(
  'leads to no other site by "%s"',
  async (way) => {
    const page = await pageOf(browser, 'customer');
    await page.clock.install();
    const asked: string[] = [];
    await page.route(
      (to) => to.hostname === 'elsewhere.example',
      (route) => {
        asked.push(route.request().url());
        return route.fulfill({ contentType: 'text/html', body: '<h1>Elsewhere</h1>' });
      },
    );
    for (const start of ['away.html?back=', 'login?next=']) {
      await page.goto(`/${start}${way}elsewhere.example/`);
      const tickets = page.getByRole('list', { name: 'Tickets' });
      if (start.startsWith('away')) {
        await hurry(page, tickets); // it comes back by itself
      } else {
        await page.getByRole('button', { name: 'Priya Raman' }).click();
        await tickets.waitFor();
      }
      assert.equal(new URL(page.url()).origin, new URL(url).origin);
    }
    assert.deepEqual(asked, []);
    await leave(page);
  },
);

it('keeps nothing of the dashboard that a release could make old', async () => {
  const page = await withWorker();
  await page.goto('/tickets');
  await page.getByRole('list', { name: 'Tickets' }).waitFor();
  const kept = await page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    return found.sort();
  });
  assert.deepEqual(kept, ['/away.css', '/away.html', '/away.js', '/favicon.svg', '/theme.js']);
  expectComplaints(page, /status of 4\d\d/);
  // The API's own errors are not hidden behind the page.
  const answer = await page.goto('/v1/tickets/1?nonsense=%');
  assert.ok(answer && answer.status() !== 503, String(answer?.status()));
  await page.context().close();
});

it('allows scripts no other policy of trusted types', async () => {
  const page = await withWorker();
  const attempts = await page.evaluate(() => {
    const types = (window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } })
      .trustedTypes;
    return ['altis-worker', 'other', 'default'].map((name) => {
      try {
        types.createPolicy(name, { createHTML: (html: string) => html });
        return 'made';
      } catch {
        return 'refused';
      }
    });
  });
  assert.deepEqual(attempts, ['refused', 'refused', 'refused']);
  assert.ok(forgetComplaints(page).every((said) => /policy/i.test(said)));
  await page.context().close();
});

it.each([
  [0, 'The dashboard cannot be reached'],
  [503, 'The dashboard is not available'],
])('begins with a page that says so when the API answers %d', async (status, title) => {
  const page = await newPage(browser, url);
  expectComplaints(page, /^ApiError/, status ? /status of 503/ : /ERR_CONNECTION_REFUSED/);
  await page.clock.install();
  await page.goto('/login'); // the address of last resort is remembered
  await page.getByText('sysops@altis.example').waitFor();
  const refuse = '**/v1/site';
  await page.route(refuse, (route) =>
    status
      ? route.fulfill({ status, contentType: 'application/problem+json', body: '{}' })
      : route.abort('connectionrefused'),
  );
  await page.goto('/tickets');
  await hurry(page, page.getByRole('heading', { level: 1, name: title }));
  await page.getByRole('link', { name: 'sysops@altis.example' }).waitFor();
  await assertAccessible(page, `first-${status}`);
  await page.unroute(refuse);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
  await page.context().close();
});

it.each(['css', 'js'])('asks for a reload when a release has taken away the next page, as its .%s', async (kind) => {
  // A browser that has seen the queue may have kept the file. And once the worker has taken the page over, which it does
  // at a moment of its own, the page's requests go past the route below.
  const page = await newPage(browser, url, desk, { serviceWorkers: 'block' });
  await enter(page.context(), 'agent');
  await page.goto('/applications');
  await page.getByRole('heading', { level: 1, name: 'Applications' }).waitFor();
  expectComplaints(page, /status of 404/, /preload CSS/, /dynamically imported module/);
  const own = new RegExp(`/assets/queue-page-[^/]*\\.${kind}$`);
  let asked = 0;
  await page.route(own, (route) => {
    asked++;
    return route.fulfill({ status: 404, contentType: 'text/plain', body: '' });
  });
  await page.getByRole('link', { name: 'Queue', exact: true }).click();
  await page.getByText('A new version of the dashboard is out.').waitFor();
  assert.ok(asked > 0, 'the old file was asked for');
  await page.getByText('sysops@altis.example').waitFor();
  await page.unroute(own);
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await page.context().close();
});

it.each([
  ['vendor', (route: Route) => route.fulfill({ status: 404, contentType: 'text/plain', body: '' })],
  ['shell', (route: Route) => route.fulfill({ contentType: 'text/javascript', body: 'this is no script' })],
])('stands in when the file "%s" that all begins with fails', async (name, fail) => {
  const page = await open(browser, 'customer');
  expectComplaints(page, /status of 404/, /SyntaxError/);
  await page.clock.install();
  const file = new RegExp(`/assets/${name}-[^/]*\\.js$`);
  await page.route(file, fail);
  await page.goto('/tickets?tab=all', { waitUntil: 'commit' });
  await away(page).waitFor();
  await page.unroute(file);
  await hurry(page, page.getByRole('list', { name: 'Tickets' })); // it comes back by itself
  assert.equal(new URL(page.url()).search, '?tab=all');
  await page.context().close();
});

it('does not say that a draft is kept where nothing can be', async () => {
  const page = await newPage(browser, url);
  await page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    Object.defineProperty(window, 'indexedDB', { get: refuse });
    Object.defineProperty(window, 'localStorage', { get: refuse });
  });
  await logIn(page, logins.customer);
  await page.goto('/tickets/new?type=question');
  await page.getByLabel('Subject').fill('Not kept');
  await page.getByText('so drafts are not kept').waitFor();
  assert.equal(await page.getByText('Draft saved').count(), 0);
  await assertAccessible(page, 'create-not-kept');
  assertQuiet(page);
  expectComplaints(page, ...offline);
  await page.context().setOffline(true);
  await page.getByText('what you type is not kept').waitFor();
  await page.context().setOffline(false);
  await page.goto('/tickets');
  await page.getByRole('list', { name: 'Tickets' }).getByRole('link').first().click();
  await page.getByLabel('Your reply').waitFor();
  await page.getByText('so drafts are not kept').waitFor();
  await page.context().close();
});
