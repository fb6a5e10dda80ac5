import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Message, Ticket, TicketEvent } from '../../api/types.ts';
import { type Self, selfQuery } from '../session/session.ts';
import { conversationQuery } from './queries.ts';
import { useSettle } from './settle.ts';

const seen = {
  number: '7',
  status: 'TICKET_STATUS_PENDING',
  etag: 'seen',
  sequence: '4',
  mergedInto: '0',
} as unknown as Ticket;
const said = (sequence: string) =>
  ({ id: `m${sequence}`, sequence, author: { id: 'jonas', name: 'Jonas Weber' } }) as unknown as Message;
const toldOf = ({ id, sequence }: Message) =>
  ({ id: `e${sequence}`, sequence, kind: 'KIND_REPLIED', message: id, changes: [] }) as unknown as TicketEvent;

const post = vi.spyOn(api, 'POST');
const read = vi.spyOn(api, 'GET');

beforeEach(() => {
  post.mockReset();
  post.mockImplementation((async (_: string, { body }: { body: { etag: string } }) => {
    if (body.etag !== 'now') throw new ApiError(409, { reason: 'ETAG_MISMATCH' });
    return { data: { ...seen, etag: 'after', status: 'TICKET_STATUS_SOLVED' } };
  }) as never);
});

/** What has become of the ticket meanwhile. */
function open(now: Partial<Ticket>, messages: Message[]) {
  read.mockImplementation((async (path: string) => {
    if (path.endsWith('/messages')) return { data: { messages, nextPageToken: '' } };
    if (path.endsWith('/events')) return { data: { events: messages.map(toldOf), nextPageToken: '' } };
    return { data: { ...seen, etag: 'now', ...now } };
  }) as never);
  const client = new QueryClient();
  client.setQueryData(selfQuery.queryKey, { id: 'priya' } as Self);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useSettle(seen), { wrapper });
  const heard = { done: vi.fn(), failed: vi.fn() };
  const take = (...more: [] | [Ticket]) => act(async () => result.current.take('solve', heard, ...more));
  return { client, result, take, ...heard };
}

const sent = () =>
  (post.mock.calls as unknown as [string, { body: { etag: string } }][]).map(([, { body }]) => body.etag);

it('is asked again when somebody has answered meanwhile', async () => {
  const { result, take, done, failed } = open({ sequence: '6' }, [said('4'), said('5'), said('6')]);
  await take();
  await waitFor(() => expect(result.current.unseen?.lines).toEqual(['Jonas Weber wrote a message.']));
  expect(sent()).toEqual(['seen']);
  expect(done).not.toHaveBeenCalled();
  expect(failed).not.toHaveBeenCalled();
  await take(result.current.unseen?.now as Ticket);
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent()).toEqual(['seen', 'now']);
  expect(result.current.unseen).toBeUndefined();
});

it('is asked again when an answer is on its way to the screen', async () => {
  const { client, result, take } = open({}, [said('4'), said('5')]);
  const { queryKey } = conversationQuery('7');
  client.setQueryData(queryKey, { messages: [said('4')], events: [] });
  const loading = client.fetchQuery({ ...conversationQuery('7'), staleTime: 0 }); // as it is of a change that was heard
  await take();
  await loading;
  await waitFor(() => expect(result.current.unseen?.lines).toEqual(['Jonas Weber wrote a message.']));
  expect(sent()).toEqual([]);
});

it('is taken when only oneself has written', async () => {
  const own = { ...said('5'), author: { id: 'priya', name: 'Priya Raman' } } as Message;
  const { take, done } = open({ sequence: '5' }, [said('4'), own]);
  await take();
  await waitFor(() => expect(done).toHaveBeenCalled());
});

it('is asked again when the ticket is in another state', async () => {
  const { result, take } = open({ status: 'TICKET_STATUS_CLOSED' }, []);
  await take();
  await waitFor(() => expect(result.current.unseen?.lines).toEqual(['The ticket is now: Closed.']));
  act(() => result.current.leave());
  expect(result.current.unseen).toBeUndefined();
});

it('is taken when nothing of that has changed', async () => {
  const { take, done } = open({ sequence: '5' }, [said('4')]);
  await take();
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(sent()).toEqual(['seen', 'now']);
});

it('says what else fails', async () => {
  const { result, take, failed } = open({}, []);
  post.mockRejectedValue(new ApiError(403, {}));
  await take();
  await waitFor(() => expect(failed).toHaveBeenCalled());
  expect(result.current.unseen).toBeUndefined();
});
