import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { assertQuiet, forgetComplaints, leave, newPage, openPalette, startBrowser } from './browser.ts';
import { url } from './demo.ts';
import { ask, createTicket, open, pick, sentLink } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

/** What would run, or become something else, where text is taken for more than text. */
const elements = `"><script>pwned=1</script><img src=x onerror=pwned=1>`;
const evil = `${elements}{{7*7}}\${7*7} '; DROP TABLE tickets; -- %s ../../\u202e`;

/** The same for what must be short, and for what has no blanks in it. */
const short = `"><img src=x onerror=pwned=1>{{7*7}}`;
const dense = `"><img/src=x/onerror=pwned=1>{{7*7}}`;

/** Nothing has become an element or run, in the page or in what is laid over it. */
async function assertInert(page: Page): Promise<void> {
  assert.equal(await page.locator('img[src="x"], [onerror], body script').count(), 0);
  assert.equal(await page.evaluate(() => 'pwned' in window), false);
}

async function close(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    await assertInert(page);
    assertQuiet(page);
    await leave(page);
  }
}

const messages = (page: Page) => page.getByRole('article').filter({ hasText: elements }); // Markdown takes the asterisks

it('runs nothing of what people write', async () => {
  const page = await open(browser, 'customer', '/tickets/new?type=question');
  const subject = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  await page.getByText('All applications and environments').click();
  await page.getByLabel('Subject').fill(subject);
  await page
    .getByLabel('Description')
    .fill(`${subject}\n\n[click](javascript:alert(1)) ![x](https://tracker.example/a.png)`);
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.getByRole('heading', { level: 1, name: subject }).waitFor();
  await page.getByRole('link', { name: 'x', exact: true }).waitFor();
  assert.equal(await page.locator('main img, main script, a[href^="javascript:"]').count(), 0);
  assert.match(await page.title(), /onerror/);
  await close(page);
});

it.each(['incident', 'problem', 'task'])('shows what is put into any field of a new %s as it is', async (type) => {
  const page = await open(browser, 'customer', `/tickets/new?type=${type}`);
  await page.getByText('All applications and environments').click();
  const fields = page.locator('main :is(input[type="text"]:not([inputmode="email"]), textarea)');
  await fields.first().waitFor();
  const n = await fields.count();
  for (let i = 0; i < n; i++) await fields.nth(i).fill(`${i} ${evil}`);
  await page.getByLabel('CCs').fill(`x@x.example"><script>pwned=1</script>`);
  await page.getByLabel('CCs').press('Enter');
  await page.getByText('This is not an e-mail address.').waitFor();
  await page.getByLabel('CCs').fill('');
  await page.getByRole('button', { name: 'Create ticket' }).click();
  await page.waitForURL(/\/tickets\/\d+$/);
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'DROP TABLE' }).waitFor();
  for (let i = 0; i < n; i++) await page.getByText(`${i} "><script>`).first().waitFor();
  await close(page);
});

it('looks for any text in lists, and shows it as it is', async () => {
  const page = await open(browser, 'customer');
  const list = page.getByRole('combobox', { name: 'Query tickets' });
  for (const words of [
    `"><img src=x onerror=pwned=1>`,
    `' OR 1=1; DROP TABLE tickets; --`,
    'app:"><script>pwned=1</script>',
    '%00 \\ * NEAR( ) ^',
  ]) {
    await list.fill(words);
    await list.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') !== null);
    await page
      .getByText(/No ticket matches|^(1 ticket|\d+ tickets)$/)
      .first()
      .waitFor();
    await (await openPalette(page)).fill(words);
    const palette = page.getByRole('dialog', { name: 'Commands' });
    await palette
      .getByText(/Nothing found|by arrow keys/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  }
  await assertInert(page);
  await page.goto('/tickets');
  await page.getByRole('list', { name: 'Tickets' }).waitFor();
  await close(page);
});

it('shows what staff put into any field as it is', async () => {
  const number = await createTicket('What do staff write?', { description: `${evil} and more` });
  const customer = await open(browser, 'customer', `/tickets/${number}`);
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  const properties = agent.getByRole('region', { name: 'Properties' });

  await agent.getByRole('button', { name: 'Internal note' }).click();
  await agent.getByLabel('Your internal note').fill(`note ${evil}`);
  await agent.getByRole('button', { name: 'Add internal note' }).click();
  await messages(agent).filter({ hasText: 'note ' }).getByText('Internal note', { exact: true }).waitFor();
  await agent.getByRole('button', { name: 'Public reply' }).click();
  await agent.getByLabel('Your reply').fill(`reply ${evil}`);
  await agent.getByRole('button', { name: 'Send reply' }).click();
  for (const page of [agent, customer]) await messages(page).filter({ hasText: 'reply ' }).waitFor();
  await assertInert(agent);

  await properties.getByRole('button', { name: 'Change tags' }).click();
  const tags = properties.getByLabel('Tags', { exact: true });
  await tags.fill(dense);
  await tags.press('Enter');
  await properties.getByRole('alert').filter({ hasText: 'A tag has small letters' }).waitFor();
  assert.equal(await tags.inputValue(), dense);
  await properties.getByRole('button', { name: 'Cancel' }).click();
  await properties.getByRole('button', { name: /^Team:/ }).click();
  await agent.getByRole('combobox', { name: 'Find or name a team' }).fill(short);
  await agent.getByRole('option', { name: `Use “${short}”` }).click();
  await agent.getByText(`gave it to the team ${short}`).waitFor();
  await properties.getByRole('button', { name: `Team: ${short}` }).waitFor();
  await pageByHand(agent);
  await redactPassage(agent, customer);
  await close(agent, customer);
});

/** Calls the engineers for a reason, which they read as it is. */
async function pageByHand(agent: Page): Promise<void> {
  await agent.getByRole('button', { name: 'Page on-call engineers' }).click();
  const dialog = agent.getByRole('dialog', { name: 'Page the on-call engineers?' });
  await dialog.getByLabel('Reason').fill(`called ${evil}`);
  await assertInert(agent);
  await dialog.getByRole('button', { name: 'Page the engineers' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText('Who was paged, and why').waitFor();
  await assertInert(agent);

  const outbox = await newPage(browser, url);
  await outbox.goto('/dev/outbox'); // which follows what is sent
  const calls = outbox.locator('article.page').filter({ hasText: 'called \\"><script>' }); // as JSON has it
  await calls.first().waitFor();
  assert.equal(await outbox.locator('img[src="x"], [onerror]').count(), 0);
  assert.equal(await outbox.evaluate(() => 'pwned' in window), false);
  await leave(outbox);
}

/** Takes the text out of the first message. */
async function redactPassage(agent: Page, customer: Page): Promise<void> {
  const message = agent.getByRole('article').filter({ hasText: 'and more' });
  await message.getByRole('button', { name: /^What to do with the message/ }).click();
  await message.getByRole('menuitem', { name: 'Redact…' }).click();
  const dialog = agent.getByRole('dialog', { name: 'Redact this message' });
  await dialog.getByLabel('Or type a passage').fill(evil);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByRole('list', { name: 'Passages that go' }).getByText(elements).waitFor();
  await dialog.getByText('1 place').waitFor();
  await dialog.getByLabel('Reason').fill(`because ${short}`);
  await assertInert(agent);
  await dialog.getByRole('button', { name: 'Redact for good' }).click();
  await dialog.waitFor({ state: 'detached' });
  await agent.getByText(`Reason: because ${short}`).waitFor();
  await customer.getByText('[redacted] and more').waitFor();
}

it('shows any name of a view as it is', async () => {
  const page = await open(browser, 'agent', '/queue?q=is:open+injection');
  await page.getByRole('button', { name: 'Save view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByLabel('Name').fill(short);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText(`The view “${short}” is saved.`).waitFor();
  const views = page.getByRole('navigation', { name: 'Views' });
  await views.getByRole('link', { name: short, exact: true }).waitFor();
  await page.getByRole('button', { name: 'Manage views…' }).click();
  const manager = page.getByRole('dialog', { name: 'Views' });
  const renamed = `again ${short}`;
  await manager.getByRole('button', { name: `Rename ${short}` }).click();
  await manager.getByRole('textbox', { name: 'Name' }).fill(renamed);
  await manager.getByRole('button', { name: 'Save' }).click();
  await manager.getByText(`The view “${renamed}” is saved.`).waitFor({ state: 'attached' });
  await views.getByRole('link', { name: renamed, exact: true }).waitFor({ state: 'attached' });
  await assertInert(page);
  await manager.getByRole('button', { name: `Delete ${renamed}` }).click();
  const question = manager.getByRole('group', { name: `Delete the view “${renamed}”?` });
  await assertInert(page);
  await question.getByRole('button', { name: 'Delete' }).click();
  await manager.getByText(`${renamed} is deleted.`).waitFor({ state: 'attached' });
  await close(page);
});

it('shows what customers put into the fields of a ticket as it is, or refuses it', async () => {
  const number = await createTicket('What do customers write?', { type: 'TICKET_TYPE_INCIDENT' });
  const page = await open(browser, 'customer', `/tickets/${number}`);
  await page.getByLabel('Your reply').fill(evil);
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('region', { name: 'Your reply: Preview' }).getByText(elements).waitFor();
  await assertInert(page);
  await page.getByRole('button', { name: 'Send reply' }).click();
  await messages(page).waitFor();

  const people = page.getByRole('region', { name: 'CCs' });
  await people.getByLabel('Add a CC').fill(`${dense}@x.example`);
  await people.getByRole('button', { name: 'Add' }).click();
  await people.getByText('This is not an e-mail address.').waitFor();

  await page.getByRole('button', { name: 'Raise to Urgent' }).click();
  const dialog = page.getByRole('dialog', { name: 'Raise this incident to Urgent?' });
  await dialog.getByLabel('What is the impact?').fill(evil);
  const callback = dialog.getByLabel('Call-back number');
  await callback.fill(short);
  await dialog.getByText('Page the on-call engineers now.').click();
  const send = dialog.getByRole('button', { name: 'Page the engineers' });
  await send.click();
  await dialog.getByText('Only digits, blanks and + ( ) . / -').waitFor();
  await callback.fill('+44 20 7946 0019');
  await assertInert(page);
  await send.click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('complementary', { name: 'Details' }).getByText(elements).waitFor();
  await close(page);
});

it('shows an incident to engineers as it is, and to who has only the link', async () => {
  const subject = `Nightjar ${short}`;
  const incident = { impact: evil, callbackNumber: '+44 20 7946 0012' };
  await createTicket(subject, {
    type: 'TICKET_TYPE_INCIDENT',
    priority: 'PRIORITY_URGENT',
    description: evil,
    incident,
  });
  const engineer = await open(browser, 'engineer', '/on-call');
  const card = engineer.getByRole('article').filter({ hasText: subject });
  await card.waitFor();
  await assertInert(engineer);
  await card.getByRole('link').click();
  await engineer.getByRole('heading', { level: 1 }).filter({ hasText: subject }).waitFor();
  await engineer.getByRole('list', { name: 'Calls' }).getByRole('listitem').first().waitFor();
  await close(engineer);

  const page = await newPage(browser, url);
  await page.goto(await sentLink(page, 'Nightjar'));
  await page.getByRole('heading', { level: 1 }).filter({ hasText: subject }).waitFor();
  assert.equal(await page.getByText(elements).count(), 2, 'the impact and the description');
  await assertInert(page);
  await page.getByRole('button', { name: /^Acknowledge/ }).click();
  await page.getByText('You acknowledged').waitFor();
  assert.equal(await page.getByText(elements).count(), 2);
  await close(page);
});

it('shows any name of a file as it is, and saves it under a harmless one', async () => {
  const customer = await open(browser, 'customer', '/tickets/new?type=question');
  await customer.getByText('All applications and environments').click();
  await customer.getByLabel('Subject').fill('What is this file called?');
  await customer.getByLabel('Description').fill('See its name.');
  const name = `${short}.html`;
  const buffer = Buffer.from(`<script>pwned=1</script>`);
  await customer.getByLabel('Files', { exact: true }).setInputFiles([
    { name, mimeType: 'text/html', buffer },
    { name: '../..\\a\r\nSet-Cookie: pwned=1\u202elmth.sh', mimeType: 'image/png', buffer },
  ]);
  const kept = customer.getByRole('list', { name: 'Files to be sent' });
  await kept.getByRole('button', { name: `Remove ${name}` }).waitFor();
  await kept.getByRole('button', { name: /^Remove .*lmth\.sh/ }).waitFor();
  await assertInert(customer);
  await customer.getByRole('button', { name: 'Create ticket' }).click();
  await customer.waitForURL(/\/tickets\/\d+$/);

  const agent = await open(browser, 'agent', new URL(customer.url()).pathname);
  for (const page of [customer, agent]) {
    const files = page.getByRole('list', { name: 'Files of this message' });
    const link = files.getByRole('link', { name: `Download ${name}` });
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    assert.match(download.suggestedFilename(), /^[^"<>/\\]+\.html$/);
    await files.getByRole('link', { name: /^Download .*lmth\.sh$/ }).waitFor();
    assert.equal(await files.getByRole('link').count(), 2);
    for (const file of await files.getByRole('link').all()) {
      const headers = (await page.request.get((await file.getAttribute('href')) ?? '')).headers();
      assert.match(
        headers['content-disposition'] ?? '',
        /^attachment; filename="[^"\\]+"; filename\*=UTF-8''[\w%.~-]+$/,
      );
      assert.equal(headers['set-cookie'], undefined);
      assert.match(headers['content-security-policy'] ?? '', /sandbox/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
    }
  }
  await close(customer, agent);
});

/** Looks for what is no name of anybody or anything in the list that a button opens, and leaves it. */
async function findNothing(page: Page, button: RegExp, field: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  const find = page.getByRole('combobox', { name: field });
  await find.fill(evil);
  await page.getByText('Nothing found').waitFor();
  await assertInert(page);
  await find.press('Escape');
}

it('looks for any text in lists that open below a button', async () => {
  const number = await createTicket('Who is looked for?');
  const agent = await open(browser, 'agent', `/tickets/${number}`);
  await findNothing(agent, /^Assignee:/, 'Find a person');
  await ask(agent, 'Change requester…', 'Change the requester');
  await findNothing(agent, /^New requester:/, 'Find a person');

  await agent.goto('/tickets/new?type=question');
  await findNothing(agent, /^Organization:/, 'Find an organization');
  await pick(agent, /^Organization:/, 'Brickyard Stores');
  await findNothing(agent, /^Requester:/, 'Find a person');

  await agent.goto('/queue');
  await findNothing(agent, /^Organization:/, 'Find an organization');
  await findNothing(agent, /^Assignee:/, 'Find a person');
  const query = agent.getByLabel('Query tickets');
  const sought = `${short} sought`; // what a ticket has already is not offered for use
  for (const [chip, key, field] of [
    ['Application', 'app', 'Find an application'],
    ['Team', 'team', 'Find a team'],
  ] as const) {
    await agent.getByRole('button', { name: `${chip}: any` }).click();
    const find = agent.getByRole('combobox', { name: field });
    await find.fill(sought);
    await agent.getByRole('option', { name: `Use “${sought}”` }).click();
    await find.press('Escape');
    const plain = sought.replaceAll('"', ''); // which end a value of a query
    await agent.getByRole('button', { name: `${chip}: ${plain}` }).waitFor();
    await expect.poll(() => query.inputValue()).toContain(`${key}:"${plain}"`);
    await assertInert(agent);
  }
  await agent.getByText('No ticket here').waitFor();
  await close(agent);
});

it('logs nobody in by what would be more than text', async () => {
  const page = await newPage(browser, url);
  await page.goto(`/login?next=${encodeURIComponent(`javascript:pwned=1//${short}`)}`);
  const email = page.getByLabel('E-mail address');
  const password = page.getByLabel('Password');
  const logIn = page.getByRole('button', { name: 'Log in', exact: true });
  await email.fill(`${short}@x.example`);
  await password.fill(evil);
  await logIn.click();
  assert.notEqual(await saidBy(email), '', 'the browser says that this is no address');
  await email.fill("'||{{7*7}}--@x.example"); // which is one
  await logIn.click();
  await page.getByRole('alert').filter({ hasText: 'The e-mail address or the password is wrong.' }).waitFor();
  assert.equal(await password.inputValue(), '');
  assert.ok(
    forgetComplaints(page).every((said) => said.includes('401')),
    'nothing but the refused request',
  );
  await close(page);
});

function saidBy(field: Locator): Promise<string> {
  return field.evaluate((input: HTMLInputElement) => input.validationMessage);
}
