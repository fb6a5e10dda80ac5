import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { act, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { selfQuery } from '../session/session.ts';
import { Bell } from './bell.tsx';

vi.mock('../tickets/live.ts', () => ({ useLive: () => undefined }));

afterEach(() => {
  vi.restoreAllMocks();
});

const returned = {
  id: 'n1',
  kind: 'KIND_MAIL_RETURNED',
  ticket: '7',
  subject: 'Slow',
  address: 'noa@shop.example',
  mails: '0',
  createTime: '2026-11-30T09:00:00Z',
};
const held = { ...returned, id: 'n2', kind: 'KIND_MAIL_HELD', ticket: '0', subject: '', address: '', mails: '2' };

/** Shows the bell to somebody whom the server tells of some mails, and lets it ask anew. */
async function show(notices: object[]) {
  const get = vi.spyOn(api, 'GET');
  const tell = (list: object[]) =>
    get.mockImplementation((async (path: string) => ({
      data: path === '/v1/me/notices' ? { notices: list } : { tickets: [] },
    })) as never);
  tell(notices);
  const client = new QueryClient();
  client.setQueryData(selfQuery.queryKey, { id: 'ada' } as never);
  const router = createRouter({
    routeTree: createRootRoute({ component: Bell }),
    history: createMemoryHistory(),
  });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  const again = async (list: object[]) => {
    tell(list);
    await act(() => client.invalidateQueries({ queryKey: ['news'] }));
  };
  return { get, again };
}

it('leads from mails that do not arrive to their ticket, and from those that are held to the quarantine', async () => {
  const { get } = await show([held, returned]);
  const one = (await screen.findByText('Slow')).closest('a');
  expect(one?.getAttribute('href')).toBe('/tickets/7');
  expect(one?.textContent).toContain('Mail does not arrive · #7 · noa@shop.example');
  const other = screen.getByText('2 new mails are in quarantine').closest('a');
  expect(other?.getAttribute('href')).toBe('/mail/quarantine');
  expect(other?.textContent).toContain('Mail held back');
  expect(other?.textContent).not.toContain('#');
  expect(screen.getByRole('button', { name: 'News, 2 new' })).toBeTruthy();
  expect(screen.getByRole('status').textContent).toBe('');
  const kinds = ['KIND_MAIL_RETURNED', 'KIND_MAIL_HELD'];
  expect(get).toHaveBeenCalledWith(
    '/v1/me/notices',
    expect.objectContaining({ params: { query: { kinds, pageSize: 10 } } }),
  );
});

it('says what is new of mails once', async () => {
  const { again } = await show([returned]);
  await screen.findByRole('button', { name: 'News, 1 new' });
  await again([held, returned]);
  await screen.findByRole('button', { name: 'News, 2 new' });
  expect(screen.getByRole('status').textContent).toBe('Mail held back: 2 new mails are in quarantine');
  await again([held, returned]);
  expect(screen.getAllByText('2 new mails are in quarantine')).toHaveLength(1);
});
