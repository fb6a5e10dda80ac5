import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Ticket, TicketEvent } from '../../api/types.ts';
import { type Self, selfQuery } from '../session/session.ts';
import { Composer } from './composer.tsx';
import { conversationQuery } from './queries.ts';

const navigate = vi.hoisted(() => vi.fn());
vi.mock('@tanstack/react-router', async (original) => ({ ...(await original()), useNavigate: () => navigate }));

const open = { number: '7', status: 'TICKET_STATUS_OPEN', mergedInto: '0' } as unknown as Ticket;
const closed = { ...open, status: 'TICKET_STATUS_CLOSED' } as Ticket;
const merged = { ...closed, mergedInto: '8' } as Ticket;
const other = { ...open, number: '8' };

const post = vi.spyOn(api, 'POST');

beforeEach(() => {
  navigate.mockReset();
  post.mockReset();
  post.mockResolvedValue({ data: { ticket: { ...open, number: '9' } } } as never);
});

const sent = () =>
  (post.mock.calls as unknown as [string, { body: { body: string; onlyHere: boolean } }][]).map(([, { body }]) => body);

function show(ticket: Ticket) {
  const client = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: Number.POSITIVE_INFINITY } },
  });
  client.setQueryData(selfQuery.queryKey, { id: 'priya', email: 'priya@quill.example', staff: false } as Self);
  const event = {
    kind: 'KIND_STATUS_CHANGED',
    changes: [{ field: 'status', oldValue: 'solved', newValue: 'closed' }],
  } as TicketEvent;
  client.setQueryData(conversationQuery('7').queryKey, { messages: [], events: [event] });
  const element = (now: Ticket) => (
    <QueryClientProvider client={client}>
      <Composer key={now.number} ticket={now} />
    </QueryClientProvider>
  );
  const { rerender } = render(element(ticket));
  return { user: userEvent.setup(), client, becomes: (now: Ticket) => rerender(element(now)) };
}

const field = () => screen.getByLabelText<HTMLTextAreaElement>('Your reply');
const button = (name: string) => screen.getByRole('button', { name });

it('asks before it opens a follow-up of a ticket that was closed meanwhile', async () => {
  const { user, becomes } = show(open);
  await user.type(field(), 'One more thing');
  becomes(closed);
  expect(screen.getByText('The desk closed this ticket.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Send reply' })).toBeNull();
  await user.keyboard('{Control>}{Enter}{/Control}');
  expect(document.activeElement).toBe(button('Open a follow-up with it'));
  expect(sent()).toEqual([]);
  await user.click(button('Open a follow-up with it'));
  await waitFor(() => expect(sent()).toMatchObject([{ body: 'One more thing', onlyHere: false }]));
  await waitFor(() => expect(navigate).toHaveBeenCalled());
});

it('asks whoever agreed to a follow-up again, when the ticket turns out to go on elsewhere', async () => {
  const { user, becomes } = show(closed);
  await user.type(field(), 'One more thing');
  expect(button('Open a follow-up')).toBeTruthy();
  becomes(merged);
  await user.click(button('Send it to #8'));
  await waitFor(() => expect(sent()).toMatchObject([{ onlyHere: false }]));
});

it('asks nobody who begins to write to a closed ticket', async () => {
  const { user } = show(merged);
  await user.type(field(), 'One more thing');
  await user.click(button('Send reply'));
  await waitFor(() => expect(sent()).toMatchObject([{ onlyHere: false }]));
});

it('takes along what was written', async () => {
  const { user, becomes } = show(open);
  await user.type(field(), 'One more thing');
  becomes(merged);
  await user.click(button('Take it along to #8'));
  expect(navigate).toHaveBeenCalledWith({ to: '/tickets/$number', params: { number: '8' } });
  becomes(other);
  await waitFor(() => expect(field().value).toBe('One more thing'));
  expect(sent()).toEqual([]);
});

it('keeps what the server would have taken elsewhere', async () => {
  post.mockRejectedValue(new ApiError(400, { reason: 'TICKET_CLOSED' }));
  const { user, client } = show(open);
  const again = vi.spyOn(client, 'invalidateQueries');
  await user.type(field(), 'One more thing');
  await user.click(button('Send reply'));
  await waitFor(() => expect(again).toHaveBeenCalledWith({ queryKey: ['ticket', '7'] }));
  expect(sent()).toMatchObject([{ onlyHere: true }]);
  expect(field().value).toBe('One more thing');
});
