import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Ticket } from '../../api/types.ts';
import { StaffDue } from './staff-due.tsx';

const minute = 60_000;

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-24T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

it('turns late by itself, and says so once', () => {
  const ticket = { status: 'TICKET_STATUS_OPEN', resolutionDueTime: '2026-11-24T13:10:00Z' } as Ticket;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <StaffDue ticket={ticket} />
    </QueryClientProvider>,
  );
  const look = () =>
    screen.getByText(/in|ago|now/, { selector: '.dues dd .badge time' }).parentElement?.className.trim();
  const status = () => screen.getByRole('status').textContent;
  const goOn = (minutes: number) => act(() => vi.advanceTimersByTime(minutes * minute));
  expect([look(), status()]).toEqual(['badge', '']);
  goOn(11);
  expect([look(), status()]).toEqual(['badge soon', '']);
  goOn(44);
  expect([look(), status()]).toEqual(['badge soon', 'Resolution: due in 15 minutes or less.']);
  goOn(16);
  expect([look(), status()]).toEqual(['badge late', 'Resolution: overdue now.']);
});

it('needs no timer of its own for each time that is shown', () => {
  const set = vi.spyOn(globalThis, 'setInterval');
  const clear = vi.spyOn(globalThis, 'clearInterval');
  const ticket = {
    status: 'TICKET_STATUS_OPEN',
    firstResponseDueTime: '2026-11-24T12:30:00Z',
    resolutionDueTime: '2026-11-24T13:10:00Z',
  } as Ticket;
  const { unmount } = render(
    <QueryClientProvider client={new QueryClient()}>
      <StaffDue ticket={ticket} />
    </QueryClientProvider>,
  );
  expect(set).toHaveBeenCalledTimes(1);
  unmount();
  expect(clear).toHaveBeenCalledWith(set.mock.results[0]?.value);
});
