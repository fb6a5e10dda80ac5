import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { Details } from './details.tsx';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-24T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

const client = new QueryClient();

const details = (waitingOn: Ticket['waitingOn']) => {
  const ticket = {
    type: 'TICKET_TYPE_QUESTION',
    scope: { all: true, targets: [] as Ticket['scope']['targets'] },
    ccs: [] as Ticket['ccs'],
    status: waitingOn === 'WAITING_ON_CUSTOMER' ? 'TICKET_STATUS_PENDING' : 'TICKET_STATUS_OPEN',
    waitingOn,
    createTime: '2026-11-24T11:00:00Z',
    firstResponseDueTime: '2026-11-24T12:10:00Z',
    resolutionDueTime: '2026-11-24T16:00:00Z',
    followUpOf: '0',
  } as Partial<Ticket> as Ticket;
  return (
    <QueryClientProvider client={client}>
      <Details ticket={ticket} staff={false} />
    </QueryClientProvider>
  );
};

it('tells a customer that an answer is overdue as soon as it is', () => {
  render(details('WAITING_ON_SUPPORT'));
  expect(screen.queryByText('Overdue')).toBeNull();
  act(() => vi.advanceTimersByTime(11 * 60_000));
  expect(screen.getByText('Overdue').closest('.fact')?.textContent).toContain('First response due');
});

it('calls nothing overdue while it is the customer whose answer is missing', () => {
  vi.setSystemTime('2026-11-24T18:00:00Z');
  const { rerender } = render(details('WAITING_ON_CUSTOMER'));
  expect(screen.getByText('First response due')).toBeTruthy();
  expect(screen.queryByText('Overdue')).toBeNull();
  rerender(details('WAITING_ON_SUPPORT'));
  expect(screen.getAllByText('Overdue')).toHaveLength(2);
});
