import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import MergeDialog, { numberIn } from './staff-merge.tsx';

afterEach(() => {
  vi.restoreAllMocks();
});

const priya = { id: 'priya', name: 'Priya Raman', email: 'priya@quill.example', staff: false };
const made = (number: string, subject: string) =>
  ({
    number,
    subject,
    status: 'TICKET_STATUS_OPEN',
    requester: priya,
    etag: '3',
    mergedInto: '0',
  }) as unknown as Ticket;
const known = [made('8', 'Shop is down'), made('9', 'Blog is slow')];

/** Shows the dialog of ticket 7, and returns what is asked of the server. */
function show(refused?: Error) {
  const ticket = { ...made('7', 'Shop again'), organization: 'quill', organizationName: 'Quill' };
  vi.spyOn(api, 'GET').mockImplementation(((path: string, call: { params: { path: { ticket: string } } }) => {
    if (path === '/v1/tickets') return Promise.resolve({ data: { tickets: [ticket, ...known] } });
    const found = [...known, made('1042', 'Of long ago')].find(({ number }) => number === call.params.path.ticket);
    return found ? Promise.resolve({ data: found }) : Promise.reject(new ApiError(404, { detail: 'no such ticket' }));
  }) as never);
  const post = vi.spyOn(api, 'POST');
  if (refused) post.mockRejectedValue(refused);
  else post.mockResolvedValue({ data: ticket } as never);
  const onClose = vi.fn();
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <MergeDialog ticket={ticket} onClose={onClose} />
    </QueryClientProvider>,
  );
  const user = userEvent.setup();
  return {
    post,
    onClose,
    user,
    confirm: () => user.click(screen.getByRole('button', { name: 'Merge' })),
    choose: async (typed: string, option: RegExp) => {
      await user.click(screen.getByRole('button', { name: /^Goes on in/ }));
      await user.type(screen.getByRole('combobox'), typed);
      await user.click(await screen.findByRole('option', { name: option }));
    },
  };
}

it('merges into a ticket of the organization, and shows it first', async () => {
  const { post, onClose, confirm, choose } = show();
  await confirm();
  expect(screen.getByRole('alert').textContent).toBe('Choose the ticket where it goes on.');
  await choose('shop is', /#8 Shop is down/);
  await screen.findByText('Asked by Priya Raman');
  await confirm();
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/tickets/{ticket}:merge', {
    params: { path: { ticket: '7' } },
    body: { into: '8', etag: '3' },
  });
});

it('finds any other by its number', async () => {
  const { post, choose, confirm } = show();
  await choose('#1042', /Ticket #1042/);
  await screen.findByText(/Of long ago/);
  await choose('7', /Ticket #7/);
  expect(screen.getByRole('alert').textContent).toBe('This is the ticket itself.');
  await choose('404', /Ticket #404/);
  await screen.findByText(/no such ticket/);
  await confirm();
  expect(post).not.toHaveBeenCalled();
});

it('says why the server does not merge', async () => {
  const refusal = new ApiError(400, { detail: '#8 was merged into #5: merge into that one' });
  const { onClose, choose, confirm } = show(refusal);
  await choose('shop is', /#8 Shop is down/);
  await screen.findByText('Asked by Priya Raman');
  await confirm();
  await screen.findByText(/merge into that one/);
  expect(onClose).not.toHaveBeenCalled();
});

it.each([
  ['1042', '1042'],
  [' #7 ', '7'],
  ['0', ''],
  ['checkout', ''],
])('takes %j for the number %j', (typed, number) => {
  expect(numberIn(typed)).toBe(number);
});
