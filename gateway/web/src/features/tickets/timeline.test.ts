import { describe, expect, it } from 'vitest';
import type { Message, TicketEvent } from '../../api/types.ts';
import { type Entry, timeline } from './timeline.ts';

const ada = { id: 'ada', name: 'Ada Park', email: 'ada@altis.example', staff: true };

function message(id: string, sequence: number): Message {
  const at = '2026-11-24T10:00:00Z';
  return {
    id,
    ticket: '7',
    kind: 'KIND_PUBLIC',
    author: ada,
    body: id,
    createTime: at,
    sequence: String(sequence),
    attachments: [],
    quoted: '',
  };
}

function event(sequence: number, part: Partial<TicketEvent>): TicketEvent {
  return {
    id: `7-${sequence}`,
    ticket: '7',
    sequence: String(sequence),
    kind: 'KIND_CREATED',
    actor: ada,
    actorService: '',
    createTime: '2026-11-24T10:00:00Z',
    changes: [],
    summary: '',
    message: '',
    graced: false,
    otherTicket: '0',
    ...part,
  };
}

const change = (field: string, oldValue: string, newValue: string) => ({ field, oldValue, newValue });
const line = (entry: Entry) => (entry.what === 'message' ? `message ${entry.message.id}` : entry.sentence);

describe('timeline', () => {
  it('says of a message who redacted it, and to staff why', () => {
    const hidden = { kind: 'KIND_MESSAGE_REDACTED', message: 'first', createTime: '2026-11-24T12:00:00Z' } as const;
    const [entry, ...more] = timeline({
      messages: [message('first', 1)],
      events: [
        event(1, { message: 'first' }),
        event(2, { ...hidden, changes: [change('redaction_reason', '', 'a password')] }),
        event(3, hidden),
      ],
    });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({ redactions: [{ who: 'Ada Park', reason: 'a password' }, { reason: '' }] });
  });

  it.each([
    ['KIND_MERGED_INTO', '8', 'Ada Park merged this ticket into #8'],
    ['KIND_MERGED_FROM', '8', 'Ada Park merged #8 into this ticket'],
    ['KIND_MERGED_INTO', '0', 'Ada Park merged this ticket into another one'],
    ['KIND_MERGED_FROM', '0', 'Ada Park merged another ticket into this one'],
  ] as const)('says of %s with #%s: %s', (kind, otherTicket, sentence) => {
    const [entry] = timeline({ messages: [], events: [event(1, { kind, otherTicket })] });
    expect(entry).toMatchObject({ sentence });
    expect(entry && 'other' in entry ? entry.other : '0').toBe(otherTicket);
  });

  it('says who changed the type, and the requester', () => {
    const entries = timeline({
      messages: [],
      events: [
        event(1, { kind: 'KIND_TYPE_CHANGED', changes: [change('type', 'incident', 'task')] }),
        event(2, { kind: 'KIND_REQUESTER_CHANGED', changes: [change('requester', 'Priya', 'Sam Whitlock')] }),
        event(3, {
          kind: 'KIND_REQUESTER_CHANGED',
          changes: [change('organization', 'Unassigned', 'Quill'), change('requester', 'x@y.example', 'Sam Whitlock')],
        }),
      ],
    });
    expect(entries.map(line)).toEqual([
      'Ada Park changed the type to Infrastructure change',
      'Ada Park made Sam Whitlock the requester',
      'Ada Park made Sam Whitlock (Quill) the requester',
    ]);
  });

  it('orders messages and events by sequence, and shows a message once', () => {
    const entries = timeline({
      messages: [message('first', 1), message('second', 10)],
      events: [
        event(1, { message: 'first' }),
        event(9, { kind: 'KIND_PAGE_CHANGED', summary: 'Ada Park acknowledged the page' }),
        event(10, { kind: 'KIND_REPLIED', message: 'second', changes: [change('status', 'open', 'pending')] }),
      ],
    });
    expect(entries.map(line)).toEqual(['message first', 'Ada Park acknowledged the page', 'message second']);
    expect(entries[2]).toMatchObject({ status: 'pending' });
  });

  it.each<[string, Partial<TicketEvent>, string | undefined]>([
    [
      'status',
      { kind: 'KIND_STATUS_CHANGED', changes: [change('status', 'open', 'solved')] },
      'Ada Park set the status to solved',
    ],
    [
      'assignee',
      { kind: 'KIND_ASSIGNEE_CHANGED', changes: [change('assignee', '', 'Diego')] },
      'Ada Park assigned the ticket to Diego',
    ],
    [
      'no assignee',
      { kind: 'KIND_ASSIGNEE_CHANGED', changes: [change('assignee', 'Diego', '')] },
      'Ada Park removed the assignee',
    ],
    [
      'ccs',
      { kind: 'KIND_CCS_CHANGED', changes: [change('ccs', 'a@x.example, b@x.example', 'b@x.example, c@x.example')] },
      'Ada Park changed the CCs: +c@x.example, −a@x.example',
    ],
    [
      'fields',
      { kind: 'KIND_FIELDS_CHANGED', changes: [change('subject', 'a', 'b'), change('task.kind', '1', '2')] },
      'Ada Park changed the subject, the details',
    ],
    [
      'service',
      { kind: 'KIND_STATUS_CHANGED', actor: undefined, changes: [change('status', '', 'closed')] } as never,
      'The desk set the status to closed',
    ],
    [
      'due times that a page shows elsewhere',
      { kind: 'KIND_TRIAGED', changes: [change('resolution_due_time', '', 'x')] },
      undefined,
    ],
    ['what a newer server may add', { kind: 'KIND_NEWER' as never }, undefined],
  ])('says %s', (_, part, want) => {
    expect(timeline({ messages: [], events: [event(2, part)] }).map(line)).toEqual(want === undefined ? [] : [want]);
  });

  it('marks an acknowledgement', () => {
    const acknowledged = event(2, {
      kind: 'KIND_PAGE_CHANGED',
      summary: 'x',
      changes: [change('page', 'delivered', 'acknowledged')],
    });
    expect(timeline({ messages: [], events: [acknowledged] })[0]).toMatchObject({ tone: 'good' });
  });
});
