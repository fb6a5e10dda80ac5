import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  keysReady,
  leave,
  magnified,
  newPage,
  phone,
  pressBoth,
  shoot,
  startBrowser,
} from './browser.ts';
import { logins, url } from './demo.ts';
import { call, createTicket, enter, open } from './desk.ts';
import { answeredTicket, answerTo, bounceOf, cc, deliver, examined, letterTo, stranger } from './mails.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const rows = (page: Page) => page.getByRole('main').getByRole('listitem');
const row = (page: Page, text: string | RegExp) => rows(page).filter({ hasText: text });
const tab = (page: Page, name: RegExp) => page.getByRole('navigation', { name: 'Mail' }).getByRole('link', { name });

/** Looks at a page or dialog as it is, and on a phone. */
async function look(page: Page, name: string): Promise<void> {
  await assertAccessible(page, name);
  await page.setViewportSize(phone);
  await assertFits(page, `${name}-phone`);
  await shoot(page, `${name}-phone`);
  await page.setViewportSize(magnified);
  await assertFits(page, `${name}-magnified`);
  await page.setViewportSize(desk);
}

/** What a mail client adds of the mail that is answered. */
const quotes = `On Monday, Altis Support wrote:

> ##- Please write your answer above this line -##
>
> Did you purge the cache?`;

it('shows what came in, and lets a person decide about what is held back', async () => {
  const subject = 'Mails that come in';
  const number = await answeredTicket(subject);
  const customer = logins.customer.email;
  const letter = await letterTo(customer, number, 'Did you purge the cache?'); // and no receipt
  await deliver(customer, letter.replyTo, answerTo(letter, customer, `Twice, and it is still slow.\n\n${quotes}`));
  const told = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html

<p>Please close it.</p><script>document.title = 'run'</script><img src="https://elsewhere.example/seen.png">
--b
Content-Type: text/x-log
Content-Disposition: attachment; filename="access.log"

GET /
--b--`;
  const html = answerTo(letter, `Eve <${stranger}>`, '').trim();
  await deliver(stranger, letter.replyTo, `${html}\n${told}`);
  await deliver(stranger, letter.replyTo, answerTo(letter, stranger, 'Buy this.'));
  await examined(number, 3);

  // By the keys that the list of keys has.
  const page = await open(browser, 'agent', '/queue');
  await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await keysReady(page);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Mail', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await pressBoth(page, 'g', 'm', page.getByRole('heading', { level: 1, name: 'Mail' }));

  const about = `Ticket #${number}`;
  await row(page, about).filter({ hasText: 'Appended' }).filter({ hasText: customer }).waitFor();
  await row(page, about).filter({ hasText: 'Its author is not the one' }).first().waitFor();
  await look(page, 'mail-log');
  await page.getByLabel('Verdict').selectOption('appended');
  await page.waitForURL(/\/mail\?verdict=appended$/);
  await row(page, 'Quarantined').first().waitFor({ state: 'detached' });
  await row(page, about).waitFor();

  await tab(page, /^Quarantine \(\d+\)$/).click();
  await page.waitForURL(/\/mail\/quarantine$/);
  await expect.poll(() => row(page, about).count()).toBe(2);
  await look(page, 'mail-quarantine');
  await page.reload();
  await row(page, about).last().getByRole('link', { name: /^Re: / }).click();
  await release(page, number);

  // What the mail says is on the ticket now.
  await page.getByRole('link', { name: about }).first().click();
  await page.getByText('Please close it.').waitFor();
  await unfold(page);
  await page.goBack();

  await tab(page, /./).first().waitFor({ state: 'detached' });
  await page.goto('/mail/quarantine');
  await row(page, about).getByRole('link', { name: /^Re: / }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  const dialog = page.getByRole('dialog', { name: 'Discard this mail?' });
  await look(page, 'mail-discard');
  await dialog.getByRole('button', { name: 'Discard' }).click();
  await page.getByText(/ discarded it at /).waitFor();
  await page.getByText('It is not on any ticket.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Release' }).count(), 0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  assertQuiet(page);
  await leave(page);
});

it('takes what a mail quotes away from the page of another ticket, too', async () => {
  const into = await createTicket('The cache is stale, still');
  const number = await answeredTicket('The cache is stale');
  const customer = logins.customer.email;
  const letter = await letterTo(customer, number, 'Did you purge the cache?');
  await call('agent', 'POST', `/v1/tickets/${number}:merge`, { into });
  await deliver(customer, letter.replyTo, answerTo(letter, customer, `Three times.\n\n${quotes}`));
  const pages = await Promise.all(
    (['agent', 'customer'] as const).map((who) => open(browser, who, `/tickets/${into}`)),
  );
  const shown = (page: Page) =>
    page.getByRole('article').filter({ hasText: 'Three times.' }).getByText('Show quoted text');
  for (const page of pages) await shown(page).waitFor();
  const { messages } = await call<{ messages: { id: string; body: string }[] }>(
    'agent',
    'GET',
    `/v1/tickets/${number}/messages`,
  );
  const said = messages.find(({ body }) => body === 'Did you purge the cache?')?.id;
  await call('agent', 'POST', `/v1/tickets/${number}/messages/${said}:redact`, { reason: 'Not theirs' });
  for (const page of pages) {
    await shown(page).waitFor({ state: 'detached' });
    await page.getByText('Three times.').waitFor();
    assertQuiet(page);
    await leave(page);
  }
});

/** Shows by the keyboard what the customer's mail quotes, which is folded away. */
async function unfold(page: Page): Promise<void> {
  const answer = page.getByRole('article').filter({ hasText: 'Twice, and it is still slow.' });
  const quoted = answer.locator('blockquote', { hasText: 'Did you purge the cache?' });
  await answer.locator('summary').waitFor(); // no longer the mail's own page, which says the same
  assert.equal(await page.getByText('Show quoted text').count(), 1, 'only what came by mail quotes');
  assert.equal(await quoted.isVisible(), false);
  await answer.locator('summary').focus();
  await page.keyboard.press('Enter');
  await quoted.waitFor();
  await look(page, 'ticket-quoted');
  await page.keyboard.press('Enter');
  await quoted.waitFor({ state: 'hidden' });
}

/** Releases the mail that the page shows, which may be nothing but text there. */
async function release(page: Page, number: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: /^Re: / }).waitFor();
  await page.getByText('Its author is not the one whom the address was given to.').waitFor();
  await page.locator('.mail-text', { hasText: 'Please close it.' }).waitFor();
  assert.equal(await page.locator('.mail-text *').count(), 0, 'it is text only');
  await page.getByText('access.log').waitFor();
  await page.getByText('was not asked, as nothing hung on it').waitFor();
  await page.getByText('Header', { exact: true }).click();
  await page.getByText('In-Reply-To').waitFor();
  assert.match(await page.title(), /^Re: /);
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the mail as it came' }).click();
  const download = await saved;
  assert.match(download.suggestedFilename(), /^mail-[\w-]+\.eml$/);
  assert.match(
    await readFile(await download.path(), 'utf8'),
    /^From: Eve .*\r\n[\s\S]*<script>/m,
    'nothing was taken out of it',
  );
  await look(page, 'mail-held');
  await page.getByRole('button', { name: 'Release' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release this mail?' });
  await dialog.getByText(`The mail names Eve <${stranger}> as its author.`).waitFor();
  await look(page, 'mail-release');
  await dialog.getByRole('button', { name: 'Release' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(/It is a message of/).waitFor();
  await page.getByText(/ released it at /).waitFor();
  await page
    .getByRole('link', { name: `Ticket #${number}` })
    .first()
    .waitFor();
  await look(page, 'mail-released');
}

it('shows who gets no mail, and lets them have it again', async () => {
  const other = 'buyer@brickyard.example';
  const number = await answeredTicket('Mails that come back');
  await call('agent', 'POST', `/v1/tickets/${number}:addCcs`, { emails: [other] });
  const letters = [
    [cc, await letterTo(cc, number)],
    [other, await letterTo(other, number)],
  ] as const;
  for (const [address, letter] of letters) await deliver('', letter.returnPath, bounceOf(letter, address));
  await examined(number, 2);

  // Whose ticket it is, which is everybody's, has news of it, until they have been seen.
  const page = await open(browser, 'agent', '/mail');
  await page.getByRole('button', { name: /^News, [1-9]/ }).click();
  const news = page.getByRole('region', { name: 'News' });
  const entry = news.getByRole('link', { name: 'Mail does not arrive' }).filter({ hasText: 'Mails that come back' });
  await expect.poll(() => entry.count()).toBe(2);
  await look(page, 'bell-mails');
  await entry.filter({ hasText: cc }).click();
  await page.getByRole('heading', { level: 1, name: 'Mails that come back' }).waitFor();
  await page.getByRole('button', { name: 'News', exact: true }).waitFor();
  await page.getByRole('button', { name: 'News' }).click();
  await entry.filter({ hasText: cc }).waitFor(); // reading the ticket does not have the mail arrive
  await page.keyboard.press('Escape');

  await page.goto('/mail');
  await tab(page, /^Suppressions$/).click();
  await page.waitForURL(/\/mail\/suppressions$/);
  await row(page, cc).getByText('550 5.1.1 no such user').waitFor();
  await look(page, 'mail-suppressions');
  await page.getByRole('button', { name: `Lift the block of ${other}` }).click();
  const dialog = page.getByRole('dialog', { name: 'Lift the block?' });
  await look(page, 'mail-lift');
  await dialog.getByRole('button', { name: 'Lift the block' }).click();
  await row(page, other).waitFor({ state: 'detached' });

  // The ticket says what came back, and sends it again to who is let in again.
  await page.goto(`/tickets/${number}`);
  // Whoever is about to answer knows who will not read it.
  const unread = page
    .getByRole('list', { name: 'Will be mailed to' })
    .getByText('gets no mail: the address is blocked');
  await unread.waitFor();
  assert.match((await unread.locator('xpath=..').textContent()) ?? '', new RegExp(cc));
  await page.getByText('Mails of this ticket').click();
  const mails = page.getByRole('list', { name: 'Mails of this ticket' }).getByRole('listitem');
  const back = mails.filter({ hasText: 'Came back' });
  await back
    .filter({ hasText: other })
    .getByRole('button', { name: `Send again to ${other}` })
    .waitFor();
  const blocked = back.filter({ hasText: cc });
  await blocked.getByText(/gets no mail until the block ends/).waitFor();
  await blocked.scrollIntoViewIfNeeded();
  await assertAccessible(page, 'ticket-mails');
  await blocked.getByRole('button', { name: `Lift the block and send again: ${cc}` }).click();
  await page.getByText(`Sent again to ${cc}.`).waitFor();
  await blocked.waitFor({ state: 'detached' });
  await unread.waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Mails that came in about this ticket' }).click();
  await page.getByText(`Only mails about ticket #${number}.`).waitFor();
  await expect.poll(() => row(page, 'Recorded').count()).toBe(2);
  await row(page, 'Recorded')
    .first()
    .getByRole('link', { name: /^Undelivered/ })
    .click();
  await page.getByText('It is recorded with the mail that it is about, of').waitFor();
  await look(page, 'mail-recorded');
  assertQuiet(page);
  await leave(page);
});

it('is for staff only', async () => {
  const page = await newPage(browser, url);
  await enter(page.context(), 'customer');
  for (const path of ['/mail', '/mail/quarantine', '/mail/inbound/x', '/mail/nowhere']) {
    await page.goto(path);
    await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  }
  assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Mail' }).count(), 0);
  assertQuiet(page);
  await leave(page);

  const agent = await open(browser, 'agent', '/mail/nowhere');
  await agent.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await agent.goto('/mail/inbound/nothing');
  await agent.getByRole('heading', { level: 1, name: 'Mail not found' }).waitFor();
  assertQuiet(agent, /status of 404/);
  await leave(agent);
});
