import { describe, expect, it } from 'vitest';
import {
  emptyDraft,
  emptyForm,
  errorsOf,
  type Form,
  preselected,
  toTicket,
  validate,
  worthOfDraft,
} from './create-form.ts';

const form = (part: Partial<Form>): Form => ({
  ...emptyForm,
  kind: 'question',
  subject: 'How?',
  description: 'Text',
  all: true,
  ...part,
});

it.each<[string, object, number]>([
  ['nothing', emptyDraft, 0],
  ['a type alone', { ...emptyDraft, kind: 'task' }, 0],
  ['a type that a release with fewer fields has kept', { kind: 'task' }, 0],
  ['a choice', { ...emptyDraft, kind: 'incident', urgency: 'urgent' }, 1],
  ['applications', { ...emptyDraft, targets: ['shop'] }, 1],
  ['a subject', { ...emptyDraft, subject: 'Slow' }, 2],
  ['a file', { ...emptyDraft, files: [{ id: 'f' }] }, 2],
])('counts what would be lost with %s', (_, draft, worth) => {
  expect(worthOfDraft(draft)).toBe(worth);
});

it.each<[string, string[], string | undefined, string[]]>([
  ['nothing of several', ['a', 'b'], undefined, []],
  ['the only one', ['a'], undefined, ['a']],
  ['the one that was named', ['a', 'b'], 'b', ['b']],
  ['none that there is not', ['a', 'b'], 'c', []],
  ['the only one, whatever was named', ['a'], 'c', ['a']],
  ['nothing where there is none', [], 'c', []],
])('chooses %s', (_, ids, named, want) => {
  const applications = ids.map((id) => ({ id }));
  expect(preselected(applications, named)).toEqual(want);
});

describe('validate', () => {
  it.each<[string, Partial<Form>, boolean, string[]]>([
    ['a question', {}, false, []],
    [
      'nothing',
      { kind: '', subject: ' ', description: '', all: false },
      false,
      ['kind', 'subject', 'description', 'targets'],
    ],
    ['a long subject', { subject: 'x'.repeat(201) }, false, ['subject']],
    ['200 characters of two units', { subject: '🔥'.repeat(200) }, false, []],
    ['one application', { all: false, targets: ['app'] }, false, []],
    ['an incident', { kind: 'incident' }, false, []],
    ['an urgent one', { kind: 'incident', urgency: 'urgent' }, false, ['impact', 'confirmed']],
    ['an urgent one that is confirmed', { kind: 'incident', urgency: 'urgent', impact: 'all' }, true, []],
    ['a question after the type was changed', { urgency: 'urgent', callback: 'x' }, false, []],
    ['no phone number', { kind: 'incident', callback: 'call me' }, false, ['callback']],
    [
      'a reversed window',
      { kind: 'task', earliest: '2026-11-02T00:00', latest: '2026-11-01T00:00' },
      false,
      ['latest'],
    ],
  ])('%s', (_, part, confirmed, want) => {
    expect(Object.keys(validate(form(part), confirmed))).toEqual(want);
  });
});

describe('toTicket', () => {
  it('sends only the part of the type', () => {
    const ticket = toTicket(form({ kind: 'question', urgency: 'urgent', impact: 'x', requirements: 'y' }));
    expect(ticket).toEqual({
      type: 'TICKET_TYPE_QUESTION',
      subject: 'How?',
      description: 'Text',
      scope: { all: true },
      ccs: [],
    });
  });

  it('names applications and environments', () => {
    const ticket = toTicket(form({ all: false, targets: ['a', 'b/e'], ccs: ['x@y.example'] }));
    expect(ticket.scope).toEqual({ targets: [{ application: 'a' }, { application: 'b', environment: 'e' }] });
    expect(ticket.ccs).toEqual([{ email: 'x@y.example' }]);
  });

  it('gives priority and instants of an incident', () => {
    const since = '2026-11-24T10:00';
    const ticket = toTicket(form({ kind: 'incident', urgency: 'urgent', since, impact: 'all', callback: ' +44 1 ' }));
    expect(ticket.priority).toBe('PRIORITY_URGENT');
    expect(ticket.incident).toEqual({
      sinceTime: new Date(since).toISOString(),
      impact: 'all',
      callbackNumber: '+44 1',
    });
  });

  it('keeps the checklist of a bug, not of a risk', () => {
    expect(toTicket(form({ kind: 'problem', fresh: 'notTried', updates: true })).problem).toMatchObject({
      kind: 'KIND_BUG',
      reproducedOnFreshInstallation: 'REPRODUCED_NOT_TRIED',
      checkedForUpdates: true,
    });
    expect(toTicket(form({ kind: 'problem', problem: 'risk', updates: true })).problem).not.toHaveProperty(
      'checkedForUpdates',
    );
  });

  it('gives the window of a task in its zone', () => {
    const ticket = toTicket(form({ kind: 'task', task: 'php', latest: '2026-11-24T10:00' }));
    expect(ticket.task).toMatchObject({ kind: 'KIND_PHP_UPGRADE', timeZone: expect.any(String) });
    expect(ticket.task).not.toHaveProperty('earliestTime');
  });
});

describe('errorsOf', () => {
  it('puts refusals at their fields, and leaves the rest to the banner', () => {
    const refused = ['ticket.ccs[1].email', 'ticket.incident.callback_number', 'ticket.whatever'];
    expect(errorsOf(refused.map((path) => ({ path, description: 'no' })))).toEqual({ ccs: 'no', callback: 'no' });
  });
});
