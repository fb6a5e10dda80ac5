import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { type Self, selfQuery } from '../session/session.ts';
import { ticketQuery } from './queries.ts';
import { StaffComposer } from './staff-composer.tsx';

vi.mock('@tanstack/react-router', async (original) => ({ ...(await original()), useNavigate: () => vi.fn() }));

const person = (name: string) => ({ id: name, name, email: `${name}@quill.example`, staff: false });
const made = (more: object = {}) =>
  ({
    number: '7',
    status: 'TICKET_STATUS_OPEN',
    requester: person('priya'),
    ccs: [],
    etag: '3',
    mergedInto: '0',
    ...more,
  }) as unknown as Ticket;
const closed = made({ status: 'TICKET_STATUS_CLOSED' });
const merged = { ...closed, mergedInto: '8' };
const eight = made({ number: '8', requester: person('sam'), ccs: [person('mia')] });

const post = vi.spyOn(api, 'POST');
const read = vi.spyOn(api, 'GET');

beforeEach(() => {
  post.mockReset();
  read.mockReset();
  answer(eight);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What is known of the other ticket, and which addresses are blocked. */
function answer(other: Ticket | Error, blocked: string[] = []) {
  read.mockImplementation(((path: string) => {
    if (path === '/v1/suppressions')
      return Promise.resolve({ data: { suppressions: blocked.map((address) => ({ address })) } });
    return other instanceof Error ? Promise.reject(other) : Promise.resolve({ data: other });
  }) as never);
}

function show(first: Ticket) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(selfQuery.queryKey, { id: 'jonas', email: 'jonas@altis.example', staff: true } as Self);
  const onUse = vi.fn();
  const element = (ticket: Ticket, refused?: string) => (
    <QueryClientProvider client={client}>
      <StaffComposer ticket={ticket} onInput={() => undefined} onUse={onUse} refused={refused} />
    </QueryClientProvider>
  );
  const { rerender } = render(element(first));
  return {
    client,
    onUse,
    user: userEvent.setup(),
    becomes: (ticket: Ticket, refused?: string) => rerender(element(ticket, refused)),
  };
}

const note = () => screen.getByLabelText<HTMLTextAreaElement>('Your internal note');

describe('a note that is being written', () => {
  async function begin(text: string) {
    const shown = show(made());
    await shown.user.click(screen.getByRole('button', { name: 'Internal note' }));
    await shown.user.type(note(), text);
    return shown;
  }

  it.each([
    ['closed', closed],
    ['merged into another', merged],
  ])('stays a note when the ticket is %s', async (_, now) => {
    const { becomes, user } = await begin('They pay late.');
    const field = note();
    becomes(now);
    expect(document.activeElement).toBe(field);
    await user.keyboard(' r Ask Elif.{Control>}{Enter}{/Control}');
    expect(note()).toBe(field);
    expect(field.value).toBe('They pay late. r Ask Elif.');
    expect(screen.queryByLabelText('Your reply')).toBeNull();
    expect(screen.getByRole('alert').textContent).toContain('closed tickets take no notes');
    await user.click(screen.getByRole('button', { name: 'Add internal note' }));
    expect(post).not.toHaveBeenCalled();
  });

  it('is taken along to where a duplicate goes on', async () => {
    const { becomes, user } = await begin('They pay late.');
    becomes(merged);
    await user.click(screen.getByRole('button', { name: 'Take it along to #8' }));
    cleanup();
    show(eight);
    await waitFor(() => expect(note().value).toBe('They pay late.'));
    expect(post).not.toHaveBeenCalled();
  });

  it('is not exchanged before its first letter either', async () => {
    const { becomes } = await begin('x');
    await userEvent.clear(note());
    const field = note();
    becomes(closed);
    expect(document.activeElement).toBe(field);
    expect(note()).toBe(field);
  });

  it('gives way to a reply only when that is asked for', async () => {
    const { becomes, user } = await begin('They pay late.');
    becomes(closed);
    await user.click(screen.getByRole('button', { name: 'Public reply' }));
    await user.click(await screen.findByRole('button', { name: 'Write a public reply' }, { timeout: 20_000 }));
    expect(screen.getByLabelText<HTMLTextAreaElement>('Your reply').value).toBe('');
    expect(screen.queryByRole('button', { name: 'Internal note' })).toBeNull();
  });
});

it('sends nothing that is refused, says why, and keeps what is written', async () => {
  const { becomes, user } = show(made());
  await user.type(screen.getByLabelText('Your reply'), 'We look');
  becomes(made(), 'The ticket was deleted.');
  await user.keyboard(' into it.');
  expect(screen.getByLabelText<HTMLTextAreaElement>('Your reply').value).toBe('We look into it.');
  expect(screen.getByRole('alert').textContent).toBe('The ticket was deleted.');
  for (const button of ['Send reply', 'Send and solve']) {
    await user.click(screen.getByRole('button', { name: button }));
  }
  expect(post).not.toHaveBeenCalled();
});

it('says whether somebody writes', async () => {
  const { onUse, user } = show(made());
  const field = screen.getByLabelText('Your reply');
  expect(onUse).toHaveBeenLastCalledWith(false);
  await user.click(field);
  expect(onUse).toHaveBeenLastCalledWith(true);
  await user.click(document.body);
  expect(onUse).toHaveBeenLastCalledWith(false);
  await user.type(field, 'x');
  await user.click(document.body);
  expect(onUse).toHaveBeenLastCalledWith(true);
});

describe('whom a reply is mailed to', () => {
  const people = async () => {
    const list = await screen.findByRole('list', { name: 'Will be mailed to' });
    return within(list)
      .getAllByRole('listitem')
      .map((item) => item.textContent);
  };

  it('is the people of the ticket', async () => {
    show(made());
    expect(await people()).toEqual(['priya <priya@quill.example> (Requester)']);
  });

  it('is those of the ticket where a duplicate goes on', async () => {
    show(merged);
    expect(await people()).toEqual(['sam <sam@quill.example> (Requester)', 'mia <mia@quill.example> (CC)']);
  });

  it.each([
    ['gone', new ApiError(404, {})],
    ['spam', { ...eight, spamTime: '2026-11-24T00:00:00Z' }],
  ])('is its own people again when that is %s', async (_, other) => {
    answer(other);
    show(merged);
    await waitFor(async () => expect(await people()).toEqual(['priya <priya@quill.example> (Requester)']));
  });

  it('is not guessed while it cannot be known', async () => {
    answer(new ApiError(500, {}));
    const { client } = show(merged);
    await screen.findByText('Will be mailed to the people of #8.');
    expect(screen.queryByText(/priya/)).toBeNull();
    client.setQueryData(ticketQuery('8').queryKey, eight);
    expect(await people()).toHaveLength(2);
  });

  it('tells which addresses get no mail', async () => {
    answer(eight, ['mia@quill.example']);
    show(merged);
    await screen.findByText('gets no mail: the address is blocked');
    expect((await people())[1]).toContain('mia@quill.example> (CC) gets no mail');
    const asked = (read.mock.calls as unknown as [string, object][]).find(([path]) => path === '/v1/suppressions')?.[1];
    expect(asked).toMatchObject({
      params: { query: { addresses: ['sam@quill.example', 'mia@quill.example'] } },
    });
  });
});
