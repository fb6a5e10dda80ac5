import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import type { Ticket } from '../../api/types.ts';
import RequesterDialog from './staff-requester.tsx';

const answers: Record<string, unknown> = {
  '/v1/organizations': {
    organizations: [
      { id: 'quill', name: 'Quill' },
      { id: 'globex', name: 'Globex' },
    ],
  },
  '/v1/organizations/{organization}/members': {
    members: [
      { id: 'priya', name: 'Priya Raman', email: 'priya@quill.example' },
      { id: 'left', name: 'Lea Left', email: 'lea@quill.example', disabled: true },
    ],
  },
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** Shows the dialog of a ticket, and returns what is asked of the server. */
function show(part: object) {
  const ticket = { number: '7', etag: '3', ...part } as unknown as Ticket;
  const get = vi.spyOn(api, 'GET').mockImplementation((path) => Promise.resolve({ data: answers[path] }) as never);
  const post = vi.spyOn(api, 'POST').mockResolvedValue({ data: ticket } as never);
  const client = new QueryClient();
  const onClose = vi.fn();
  render(
    <QueryClientProvider client={client}>
      <RequesterDialog ticket={ticket} onClose={onClose} />
    </QueryClientProvider>,
  );
  return { get, post, onClose, user: userEvent.setup() };
}

it('moves the ticket of an unproven sender to the organization of a member', async () => {
  const { post, onClose, user } = show({
    organization: 'unassigned',
    organizationName: 'Unassigned',
    requester: { id: '', name: '', email: 'x@y.example' },
  });
  expect(screen.getByText(/nothing proves from whom/)).toBeTruthy();
  expect(screen.getByText(/^x@y.example gets no copies/)).toBeTruthy();
  expect(screen.queryByRole('checkbox')).toBeNull();
  const confirm = screen.getByRole('button', { name: 'Change the requester' });
  await user.click(confirm);
  expect(screen.getByRole('alert').textContent).toBe('Choose who it is to be.');
  expect(post).not.toHaveBeenCalled();

  await user.click(screen.getByRole('button', { name: /^Organization/ }));
  await user.click(await screen.findByRole('option', { name: /Quill/ }));
  await user.click(screen.getByRole('button', { name: /^New requester/ }));
  await user.click(await screen.findByRole('option', { name: /Priya Raman/ }));
  expect(screen.queryByRole('option', { name: /Lea Left/ })).toBeNull();

  // People are those of the organization that was chosen last.
  await user.click(screen.getByRole('button', { name: /^Organization/ }));
  await user.click(await screen.findByRole('option', { name: /Globex/ }));
  await user.click(confirm);
  expect(post).not.toHaveBeenCalled();
  await user.click(screen.getByRole('button', { name: /^New requester/ }));
  await user.click(await screen.findByRole('option', { name: /Priya Raman/ }));
  await user.click(confirm);
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(post).toHaveBeenCalledExactlyOnceWith('/v1/tickets/{ticket}:changeRequester', {
    params: { path: { ticket: '7' } },
    body: { requester: 'priya', dropFormer: false, etag: '3' },
  });
});

it('offers the members of the ticket’s own organization', async () => {
  const { get } = show({
    organization: 'quill',
    organizationName: 'Quill',
    requester: { id: 'sam', name: 'Sam Whitlock', email: 'sam@quill.example' },
  });
  expect(screen.getByText(/Any member of Quill/)).toBeTruthy();
  expect(screen.getByRole('checkbox')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Organization/ })).toBeNull();
  await waitFor(() => expect(get).toHaveBeenCalledOnce());
  expect(get).toHaveBeenCalledWith('/v1/organizations/{organization}/members', expect.anything());
});
