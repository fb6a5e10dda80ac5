import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { Details } from './details.tsx';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-24T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

it('tells a customer that an answer is overdue as soon as it is', () => {
  const ticket = {
    type: 'TICKET_TYPE_QUESTION',
    scope: { all: true, targets: [] as Ticket['scope']['targets'] },
    ccs: [] as Ticket['ccs'],
    status: 'TICKET_STATUS_OPEN',
    createTime: '2026-11-24T11:00:00Z',
    firstResponseDueTime: '2026-11-24T12:10:00Z',
    resolutionDueTime: '2026-11-24T16:00:00Z',
    followUpOf: '0',
  } as Partial<Ticket> as Ticket;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Details ticket={ticket} staff={false} />
    </QueryClientProvider>,
  );
  expect(screen.queryByText('Overdue')).toBeNull();
  act(() => vi.advanceTimersByTime(11 * 60_000));
  expect(screen.getByText('Overdue').closest('.fact')?.textContent).toContain('First response due');
});
