import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { StaffMails } from './staff-mails.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const mail = (id: string, state: string, part: object = {}) => ({
  id,
  ticket: '7',
  recipient: { id, name: '', email: `${id}@shop.example` },
  reason: 'cc',
  state,
  attempts: 1,
  createTime: '2026-11-30T09:00:00Z',
  subject: '[#7] Slow',
  ...part,
});

/** Shows the mails of a ticket, once somebody has opened their list. */
async function show(deliveries: object[]) {
  vi.spyOn(api, 'GET').mockResolvedValue({ data: { deliveries, nextPageToken: '' } } as never);
  const post = vi.spyOn(api, 'POST').mockResolvedValue({ data: {} } as never);
  const lift = vi.spyOn(api, 'DELETE').mockResolvedValue({ data: {} } as never);
  const page = createRootRoute({ component: () => <StaffMails ticket={{ number: '7' } as Ticket} /> });
  const router = createRouter({ routeTree: page, history: createMemoryHistory() });
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  const details = (await screen.findByText('Mails of this ticket')).closest('details') as HTMLDetailsElement;
  details.open = true;
  details.dispatchEvent(new Event('toggle'));
  const row = async (email: string) =>
    within((await screen.findByText(`${email}@shop.example`)).closest('li') as HTMLElement);
  return { post, lift, user, row };
}

it('says of each mail what became of it', async () => {
  const { row } = await show([
    mail('new', 'queued', { attempts: 0 }),
    mail('later', 'queued', { attempts: 3, nextAttemptTime: '2026-11-30T10:00:00Z' }),
    mail('taken', 'accepted', { acceptTime: '2026-11-30T09:01:00Z' }),
    mail('back', 'bounced', { answer: { kind: 'KIND_BOUNCED', said: '550 5.1.1 no such user', text: '' } }),
  ]);
  const fresh = await row('new');
  expect(fresh.getByText('Waiting')).toBeTruthy();
  expect(fresh.queryByRole('button')).toBeNull();
  expect(fresh.queryByText(/attempt/)).toBeNull();
  const later = await row('later');
  expect(later.getByText(/3 attempts/)).toBeTruthy();
  expect(later.getByRole('button', { name: 'Try again now: later@shop.example' })).toBeTruthy();
  expect((await row('taken')).queryByRole('button')).toBeNull();
  const back = await row('back');
  expect(back.getByText('came back: 550 5.1.1 no such user')).toBeTruthy();
  expect(back.getByRole('button', { name: 'Send again to back@shop.example' })).toBeTruthy();
});

const blocked = mail('gone', 'suppressed', { suppression: { id: 's1', endTime: '2026-12-30T09:00:00Z' } });

it('lifts the block of an address before it sends again', async () => {
  const { post, lift, user, row } = await show([blocked]);
  const gone = await row('gone');
  expect(gone.getByText(/gets no mail until the block ends on 30 Dec/)).toBeTruthy();
  // Somebody else may have lifted it.
  lift.mockRejectedValue(new ApiError(404, { reason: 'SUPPRESSION_UNKNOWN' }));
  await user.click(gone.getByRole('button', { name: 'Lift the block and send again: gone@shop.example' }));
  await waitFor(() => expect(post).toHaveBeenCalledOnce());
  expect(lift).toHaveBeenCalledExactlyOnceWith('/v1/suppressions/{suppression}', {
    params: { path: { suppression: 's1' } },
  });
  expect(post).toHaveBeenCalledWith('/v1/deliveries/{delivery}:resend', {
    params: { path: { delivery: 'gone' } },
    body: {},
  });
});

it('sends nothing to an address whose block stays, and says why', async () => {
  const { post, lift, user, row } = await show([blocked]);
  lift.mockRejectedValue(new ApiError(403, { detail: 'You may not.' }));
  const gone = await row('gone');
  await user.click(gone.getByRole('button'));
  expect((await gone.findByRole('alert')).textContent).toBe('You may not.');
  expect(post).not.toHaveBeenCalled();
});
