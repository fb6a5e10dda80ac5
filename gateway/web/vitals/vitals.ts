import fs from 'node:fs';
import os from 'node:os';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, inject, it } from 'vitest';
import { startBrowser } from '../e2e/browser.ts';
import { type Suite, startSuite } from '../e2e/suite.ts';
import { measurePages, runs, slowdown } from './pages.ts';
import { fill, measureScrolling, messages, scrollRuns, tickets } from './scrolling.ts';

let browser: Browser;
let large: Suite;

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.close();
  await large?.stop();
});

it('the pages are quick on a slow machine, and scroll', async () => {
  const load = os.loadavg()[0]?.toFixed(1);
  const pages = await measurePages(browser);
  large = await startSuite(inject('filled'), ['--gateway-requests-per-minute=0']); // who fills it is in a hurry
  const scrolled = await measureScrolling(browser, await fill(large));
  const text = `# Performance of the dashboard

Written by \`make bench-web\`; not edited by hand. The median of ${runs} runs, the lowest and the highest.

| page | largest contentful paint, ms (wanted: <= 2000) | interaction to next paint, ms (wanted: <= 200) | cumulative layout shift (wanted: <= 0.05) |
| --- | --- | --- | --- |
${pages.join('\n')}

With an empty cache each time, the processor slowed ${slowdown}-fold and a line of 8.1 Mbit/s with 165 ms of latency. Pages take turns.
A page's interaction is the slowest of about a dozen keys and clicks. Layout shifts are those that follow no input.

## Scrolling
The queue of ${tickets.toLocaleString('en-GB')} tickets more than the demo has, and a conversation of ${messages} messages, from one end to the other by the wheel:
tasks that keep the page from answering for more than 50 ms, and how long the longest task takes, if there is one. The median of ${scrollRuns} runs, the lowest and the highest.

| page | processor | tasks > 50 ms (wanted: none) | the longest, ms | rows in the document at most (wanted: <= 40) |
| --- | --- | --- | --- | --- |
${scrolled.join('\n')}

Measured on ${new Date().toISOString().slice(0, 10)} in Chromium ${browser.version()} beside the demo on ${os.cpus().length} cores (${os.cpus()[0]?.model.trim()}), whose
load was ${load} at the beginning.
`;
  fs.writeFileSync(new URL('../../../docs/performance-web.md', import.meta.url), text);
});
