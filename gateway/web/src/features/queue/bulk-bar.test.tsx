import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import type { Ticket } from '../../api/types.ts';
import { type Self, selfQuery } from '../session/session.ts';
import { staffQuery } from '../staff/staff.ts';
import { BulkBar } from './bulk-bar.tsx';

afterEach(() => vi.restoreAllMocks());

const ticket = { number: '7', subject: 'Shop is slow', etag: '1', status: 'TICKET_STATUS_OPEN' } as Ticket;

it('tells what became of tickets although others are shown by now', async () => {
  let answer: (value: unknown) => void = () => {};
  const sent = new Promise<unknown>((resolve) => {
    answer = resolve;
  });
  vi.spyOn(api, 'POST').mockReturnValue(sent as ReturnType<typeof api.POST>);
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(selfQuery.queryKey, { id: 'me', staff: true } as Self);
  client.setQueryData(staffQuery.queryKey, []);
  const done = vi.fn();
  const bar = (q: string, tickets: Ticket[]) => (
    <QueryClientProvider client={client}>
      <BulkBar q={q} tickets={tickets} onDone={done} onClear={() => {}} />
    </QueryClientProvider>
  );
  const user = userEvent.setup();
  const { rerender } = render(bar('is:open', [ticket]));
  await user.click(screen.getByRole('button', { name: /^Status:/ }));
  await user.click(screen.getByRole('option', { name: 'Solved' }));
  rerender(bar('is:pending', [])); // nothing is marked among others
  screen.getByText('Changing…');

  answer({ data: { results: [{ ticket: { ...ticket, status: 'TICKET_STATUS_SOLVED' } }] } });
  await screen.findByText('1 ticket changed.');
  expect(screen.queryByText('Changing…')).toBeNull();
  expect(done).toHaveBeenCalledOnce();
  rerender(bar('is:new', []));
  expect(screen.queryByText('1 ticket changed.')).toBeNull();
});
