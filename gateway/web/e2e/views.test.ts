import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import {
  assertAccessible,
  assertFits,
  assertQuiet,
  desk,
  expectComplaints,
  hasFocus,
  leave,
  phone,
  startBrowser,
} from './browser.ts';
import { call, createTicket, open, pageOf } from './desk.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startBrowser();
});

const views = (page: Page) => page.getByRole('navigation', { name: 'Views' });
const view = (page: Page, name: string) => views(page).getByRole('link', { name, exact: true });
const manager = (page: Page) => page.getByRole('dialog', { name: 'Views' });

async function queue(who: Parameters<typeof open>[1], search = '', look = desk): Promise<Page> {
  const page = await open(browser, who, `/queue${search}`, look);
  await view(page, 'Unassigned').waitFor();
  return page;
}

async function save(page: Page, name: string, shared = false): Promise<void> {
  await page.getByRole('button', { name: 'Save view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByLabel('Name').fill(name);
  if (shared) await dialog.getByText('Share with all support staff').click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await view(page, name).and(page.locator('[aria-current=page]')).waitFor();
}

async function manage(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Manage views…' }).click();
  await manager(page).waitFor();
}

async function finish(...pages: Page[]): Promise<void> {
  for (const page of pages) {
    assertQuiet(page);
    await leave(page);
  }
}

it('is made once, also when the answer is lost', async () => {
  const page = await queue('agent', '?q=is:open+type:task');
  expectComplaints(page, /ERR_FAILED/);
  await page.getByRole('button', { name: 'Save view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByLabel('Name').fill('Only once');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/v1\/views\b/.test(request.url())) asked.push(request.url());
  });
  await page.route(
    /\/v1\/views\?requestId/,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  const button = dialog.getByRole('button', { name: 'Save' });
  await button.click();
  await dialog.getByRole('alert').waitFor();
  await button.click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(asked.length, 2);
  assert.equal(new Set(asked).size, 1, 'one request id');
  const { views } = await call<{ views: { id: string; name: string }[] }>('agent', 'GET', '/v1/views');
  const made = views.filter(({ name }) => name === 'Only once');
  for (const { id } of made) await call('agent', 'DELETE', `/v1/views/${id}`);
  assert.equal(made.length, 1);
  await finish(page);
});

it('is made, used, changed and deleted', async () => {
  const page = await queue('agent', '?q=is:open+type:question&order=oldest');
  await page.getByRole('button', { name: 'Save view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByText('is:open type:question').waitFor();
  assert.equal(await dialog.getByText('Share with all support staff').count(), 0, 'agents share nothing');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Enter a name.').waitFor();
  await assertAccessible(page, 'view-save');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await save(page, 'Old questions');
  assert.equal(await page.getByRole('button', { name: 'Save view…' }).count(), 0, 'it is a view now');

  // It is there after a reload, with its order.
  await view(page, 'All open').click();
  await view(page, 'All open').and(page.locator('[aria-current=page]')).waitFor();
  await page.reload();
  await view(page, 'Old questions').click();
  await page.waitForURL(/order=oldest/);
  await expect.poll(() => page.getByLabel('Query tickets').inputValue()).toBe('is:open type:question');
  await assertAccessible(page, 'views');

  // Another filter can take the place of its own.
  await page.getByLabel('Query tickets').fill('is:open type:task');
  await page.getByLabel('Query tickets').press('Enter');
  await page.getByRole('button', { name: 'Save view…' }).waitFor();
  await manage(page);
  await assertAccessible(page, 'views-manage');
  await manager(page).getByRole('button', { name: 'Update Old questions to the current filter' }).click();
  await manager(page).getByText('Old questions has the current filter.').waitFor({ state: 'attached' });
  await manager(page).getByText('is:open type:task').waitFor();
  await hasFocus(manager(page).getByRole('button', { name: 'Rename Old questions' }));
  await manager(page).getByRole('button', { name: 'Rename Old questions' }).click();
  await manager(page).getByRole('textbox', { name: 'Name' }).fill('Old tasks');
  await manager(page).getByRole('button', { name: 'Save' }).click();
  const rename = manager(page).getByRole('button', { name: 'Rename Old tasks' });
  await hasFocus(rename);
  await manager(page).getByText('The view “Old tasks” is saved.').waitFor({ state: 'attached' });

  await manager(page).getByRole('button', { name: 'Delete Old tasks' }).click();
  const question = manager(page).getByRole('group', { name: 'Delete the view “Old tasks”?' });
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  await manager(page).getByRole('button', { name: 'Delete Old tasks' }).click();
  await assertAccessible(page, 'views-delete');
  await question.getByRole('button', { name: 'Delete' }).click();
  await manager(page).getByText('No views are saved.').waitFor();
  await manager(page).getByText('Old tasks is deleted.').waitFor({ state: 'attached' });
  await hasFocus(manager(page).getByRole('button', { name: 'Close' }));
  await page.keyboard.press('Escape');
  await manager(page).waitFor({ state: 'detached' });
  assert.equal(await view(page, 'Old tasks').count(), 0);
  await finish(page);
});

it('is put in order by keys', async () => {
  const page = await queue('agent', '?q=is:new');
  await save(page, 'First');
  await page.goto('/queue?q=is:pending');
  await save(page, 'Second');
  await page.goto('/queue?q=is:on-hold');
  await save(page, 'Third');
  const mine = ['First', 'Second', 'Third'];
  const names = async () =>
    (await views(page).locator('.view-name').allTextContents()).filter((name) => mine.includes(name));
  assert.deepEqual(await names(), ['First', 'Second', 'Third']);
  await manage(page);
  await manager(page).getByRole('button', { name: 'Move Third up' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['First', 'Third', 'Second']);
  await hasFocus(manager(page).getByRole('button', { name: 'Move Third up' })); // it moves with its row
  await page.keyboard.press('Enter');
  await expect.poll(names).toEqual(['Third', 'First', 'Second']);
  await manager(page).getByText('Third is number 1 of 3.').waitFor({ state: 'attached' });
  await page.keyboard.press('Enter'); // is first already
  await page.keyboard.press('Escape');
  await expect.poll(names).toEqual(['Third', 'First', 'Second']);
  await expect
    .poll(async () =>
      (await (await page.request.get('/v1/views')).json()).views.map((one: { name: string }) => one.name),
    )
    .toEqual(['Third', 'First', 'Second']);
  await page.reload();
  await view(page, 'Third').waitFor();
  assert.deepEqual(await names(), ['Third', 'First', 'Second']);

  const small = await queue('agent', '?q=is:pending', phone);
  await view(small, 'Second').and(small.locator('[aria-current=page]')).waitFor();
  await assertFits(small, 'views-phone');
  await expect
    .poll(() => view(small, 'Second').evaluate((link) => link.getBoundingClientRect().right <= window.innerWidth))
    .toBe(true);
  await manage(small);
  await assertFits(small, 'views-manage-phone');
  await assertAccessible(small, 'views-manage-phone');
  const next: Record<string, string> = { First: 'Rename Second', Second: 'Rename Third', Third: 'Close' };
  for (const name of mine) {
    await manager(small)
      .getByRole('button', { name: `Delete ${name}` })
      .click();
    await manager(small).getByRole('group').getByRole('button', { name: 'Delete' }).click();
    await manager(small)
      .getByRole('button', { name: `Delete ${name}` })
      .waitFor({ state: 'detached' });
    await hasFocus(manager(small).getByRole('button', { name: next[name] as string }));
  }
  await finish(page, small);
});

it('is seen by others only when it is shared', async () => {
  const agent = await queue('agent', '?q=is:open+sla');
  await save(agent, 'My own');
  const supervisor = await queue('admin', '?q=is:open+domain');
  await save(supervisor, 'For all', true);
  assert.equal(await view(supervisor, 'My own').count(), 0);
  const engineer = await queue('engineer');
  await view(engineer, 'For all').waitFor();
  assert.equal(await view(engineer, 'My own').count(), 0, 'another person’s view is private');

  await manage(engineer);
  await manager(engineer).getByText('Supervisors change these.').waitFor();
  assert.equal(
    await manager(engineer)
      .getByRole('button', { name: /For all/ })
      .count(),
    0,
  );
  await engineer.keyboard.press('Escape');
  await view(engineer, 'For all').click();
  await engineer.waitForURL(/domain/);

  await manage(supervisor);
  await assertAccessible(supervisor, 'views-manage-shared');
  // The row goes to another list, and keeps the focus there.
  for (const list of ['My views', 'Shared views']) {
    await manager(supervisor).getByRole('button', { name: 'Rename For all' }).click();
    await manager(supervisor).getByText('Share with all support staff').click();
    await manager(supervisor).getByRole('button', { name: 'Save' }).click();
    const rename = manager(supervisor)
      .getByRole('list', { name: list })
      .getByRole('button', { name: 'Rename For all' });
    await rename.waitFor();
    await hasFocus(rename);
    await manager(supervisor).getByText('The view “For all” is saved.').waitFor({ state: 'attached' });
  }
  await manager(supervisor).getByRole('button', { name: 'Delete For all' }).click();
  await manager(supervisor).getByText('Nobody of the support staff will have it any more.').waitFor();
  await manager(supervisor).getByRole('group').getByRole('button', { name: 'Delete' }).click();
  await manager(supervisor).getByText('No views are saved.').waitFor();
  await engineer.reload();
  await view(engineer, 'Unassigned').waitFor();
  await expect.poll(() => view(engineer, 'For all').count()).toBe(0);
  await manage(agent);
  await manager(agent).getByRole('button', { name: 'Delete My own' }).click();
  await manager(agent).getByRole('group').getByRole('button', { name: 'Delete' }).click();
  await manager(agent).getByRole('button', { name: 'Delete My own' }).waitFor({ state: 'detached' });
  await finish(agent, supervisor, engineer);
});

it('has the number of its tickets, which follows them', async () => {
  const page = await pageOf(browser, 'agent');
  await page.clock.install();
  await page.goto('/queue?q=Hydraulics');
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/v1/tickets:count') asked.push(url.searchParams.get('filter') ?? '');
  });
  await save(page, 'Pumps');
  const count = view(page, 'Pumps').locator('.view-count');
  await count.getByText('0', { exact: true }).waitFor();
  const before = asked.length;
  for (const name of ['one', 'two', 'three']) await createTicket(`Hydraulics ${name}`);
  let minutes = 0;
  const later = async () => {
    minutes++;
    await page.clock.fastForward(60_000);
    return count.textContent();
  };
  await expect.poll(later, { interval: 1_000 }).toBe('3');
  const times = asked.slice(before).filter((filter) => filter === 'Hydraulics').length;
  expect(times, 'it counts once in a minute').toBeLessThanOrEqual(1 + minutes);

  await page.route('**/v1/tickets:count?*', (route) => route.fulfill({ json: { count: 1000, more: true } }));
  await page.reload();
  await count.getByText('1,000+', { exact: true }).waitFor();
  await page.unroute('**/v1/tickets:count?*');
  await manage(page);
  await manager(page).getByRole('button', { name: 'Delete Pumps' }).click();
  await manager(page).getByRole('group').getByRole('button', { name: 'Delete' }).click();
  await manager(page).getByRole('button', { name: 'Delete Pumps' }).waitFor({ state: 'detached' });
});

it('says what the server refuses', async () => {
  const page = await queue('agent', '?q=colour:red');
  expectComplaints(page, /status of 400/);
  await page.getByRole('button', { name: 'Save view…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this view' });
  await dialog.getByLabel('Name').fill('Red');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Part of the query is not understood.').waitFor();
  await assertAccessible(page, 'view-refused');
  await leave(page);
});
