import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { fromLocalInput, toLocalInput } from '../../lib/format.ts';
import { isAsSeen, raise, raiseForm, toldAnew } from './raising.ts';

const incident = { sinceTime: '2026-11-24T10:00:30Z', impact: 'Some cannot buy', callbackNumber: '+44 20' };
const ticket = (part: Partial<Ticket> = {}) =>
  ({
    number: '7',
    etag: '3',
    type: 'TICKET_TYPE_INCIDENT',
    priority: 'PRIORITY_NORMAL',
    incident,
    ...part,
  }) as Ticket;

it('begins with what the incident has', () => {
  const form = raiseForm(ticket());
  expect(form).toMatchObject({ kind: 'incident', urgency: 'urgent', impact: 'Some cannot buy', callback: '+44 20' });
  expect(form.since).toBe(toLocalInput(new Date(incident.sinceTime)));
  const { incident: _, ...bare } = ticket();
  expect(raiseForm(bare as Ticket)).toMatchObject({ impact: '', callback: '' });
  expect(raiseForm(bare as Ticket).since).not.toBe('');
});

it.each([
  ['nothing', {}, undefined],
  ['another impact', { impact: 'Nobody can buy' }, { impact: 'Nobody can buy' }],
  ['a blank more', { callback: ' +44 20 ' }, undefined],
  ['no number', { callback: '' }, { callbackNumber: '' }],
  ['no time', { since: '' }, { sinceTime: null }],
  ['another time', { since: '2026-11-24T08:00' }, { sinceTime: fromLocalInput('2026-11-24T08:00') }],
])('sends only what is new: %s', (_, part, want) => {
  expect(toldAnew(ticket(), { ...raiseForm(ticket()), ...part })).toEqual(want);
});

it.each<[string, Partial<Ticket>, boolean]>([
  ['its subject', { subject: 'x', etag: '4' }, true],
  ['its priority', { priority: 'PRIORITY_HIGH' }, false],
  ['its impact', { incident: { ...incident, impact: 'None' } }, false],
])('knows whether %s matters', (_, part, want) => {
  expect(isAsSeen(ticket(), ticket(part))).toBe(want);
});

const stale = new ApiError(409, { reason: 'ETAG_MISMATCH' });

async function attempt(now: Ticket) {
  const client = new QueryClient();
  vi.spyOn(api, 'GET').mockResolvedValue({ data: now } as never);
  const patch = vi
    .spyOn(api, 'PATCH')
    .mockRejectedValueOnce(stale)
    .mockResolvedValueOnce({ data: ticket({ etag: '9' }) } as never);
  const form = { ...raiseForm(ticket()), impact: 'Nobody can buy' };
  const raised = await raise(client, form)(ticket()).catch((error: unknown) => error);
  const calls = patch.mock.calls as unknown as [string, { body: unknown }][];
  return { raised, bodies: calls.map(([, { body }]) => body) };
}

afterEach(() => vi.restoreAllMocks());

it('sends it again when something else was changed meanwhile', async () => {
  const { raised, bodies } = await attempt(ticket({ etag: '4', subject: 'new' }));
  const body = { priority: 'PRIORITY_URGENT', incident: { impact: 'Nobody can buy' } };
  expect(bodies).toEqual([
    { ...body, etag: '3' },
    { ...body, etag: '4' },
  ]);
  expect(raised).toMatchObject({ etag: '9' });
});

it('leaves the decision when the incident was changed meanwhile', async () => {
  const { raised, bodies } = await attempt(ticket({ etag: '4', incident: { ...incident, impact: 'All of us' } }));
  expect(raised).toBe(stale);
  expect(bodies).toHaveLength(1);
});
