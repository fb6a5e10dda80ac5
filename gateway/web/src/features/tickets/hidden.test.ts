import { expect, it } from 'vitest';
import type { TicketEvent } from '../../api/types.ts';
import { hiddenBy, hiddenOf } from './hidden.ts';

const time = '2026-11-24T12:00:00Z';

it.each([
  [{}, ''],
  [{ spamTime: time }, 'spam'],
  [{ deleteTime: time }, 'deleted'],
] as const)('%j is %j', (ticket, want) => {
  expect(hiddenOf(ticket)).toBe(want);
});

it('names who did it last', () => {
  const event = (kind: string, name: string) => ({ kind, actor: { name } }) as TicketEvent;
  const events = [
    event('KIND_MARKED_SPAM', 'Ana'),
    event('KIND_RESTORED', 'Cleo'),
    event('KIND_MARKED_SPAM', 'Bo'),
    event('KIND_DELETED', 'Dan'),
  ];
  expect([hiddenBy('spam', events), hiddenBy('deleted', events)]).toEqual(['Bo', 'Dan']);
  expect(hiddenBy('deleted', events.slice(0, 2))).toBe('');
});
