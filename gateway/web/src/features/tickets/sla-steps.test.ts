import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SlaStep } from '../../api/types.ts';
import type { Language } from '../../lib/locale.ts';

const root = path.join(import.meta.dirname, '../../../../..');
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');

/** The kinds as the API has them. */
const { schemas } = JSON.parse(read('proto/gen/openapi/openapi.json')).components;
const kinds = (schemas['SlaStep.Kind'].enum as SlaStep['kind'][]).filter((kind) => kind !== 'KIND_UNSPECIFIED');

const at = (local: string) => new Date(local).toISOString();
const step: SlaStep = {
  text: 'as the server says it',
  kind: 'KIND_PLAN',
  plan: 'gold',
  slaPolicy: 'standard',
  type: 'TICKET_TYPE_INCIDENT',
  priority: 'PRIORITY_URGENT',
  priorityReason: 'High: the text mentions security.',
  firstResponse: '1800s',
  resolution: '100800s',
  createTime: at('2026-11-24T02:14:00'),
  dueTime: at('2026-11-24T03:14:00'),
  doneTime: at('2026-11-24T03:10:00'),
};

beforeEach(() => vi.resetModules());
afterEach(() => {
  localStorage.setItem('altis.locale', 'en-GB');
});

async function speaking(language: Language) {
  localStorage.setItem('altis.locale', language);
  return import('./sla-steps.ts');
}

describe.each<Language>(['en', 'de'])('why a ticket is due then, in %s', (language) => {
  it('has a sentence for every kind', async () => {
    const { sayStep } = await speaking(language);
    expect(kinds.length).toBeGreaterThan(5);
    const said = kinds.map((kind) => sayStep({ ...step, kind }));
    expect(said.filter((sentence) => !/\.$/.test(sentence) || /undefined|NaN|as the server/.test(sentence))).toEqual(
      [],
    );
    expect(new Set(said).size).toBe(kinds.length);
  });

  it('is the one of the server where this release knows less', async () => {
    const { sayStep } = await speaking(language);
    expect(sayStep({ ...step, kind: 'KIND_OF_LATER' as 'KIND_UNSPECIFIED' })).toBe(step.text);
  });
});

describe('in German', () => {
  it.each<[Partial<SlaStep>, string]>([
    [{ kind: 'KIND_CHOSEN' }, 'Die Priorität ist „Dringend“, von Menschen gewählt.'],
    [{ kind: 'KIND_TRIAGED' }, 'Die Priorität wurde automatisch gewählt. Hoch: Im Text geht es um Sicherheit.'],
    [{ kind: 'KIND_TARGET' }, 'Er lässt 30 Minuten für die erste Antwort und 1 Tag 4 Stunden für die Lösung.'],
    [
      { kind: 'KIND_FIRST_RESPONSE' },
      'Die erste Antwort war fällig: 24.11.2026, 03:14. Sie kam rechtzeitig: 24.11.2026, 03:10.',
    ],
    [
      { kind: 'KIND_FIRST_RESPONSE', doneTime: at('2026-11-24T03:14:40') },
      'Die erste Antwort war fällig: 24.11.2026, 03:14. Sie kam weniger als eine Minute zu spät.',
    ],
    [{ kind: 'KIND_RESOLUTION', doneTime: undefined }, 'Die Lösung ist fällig: 24.11.2026, 03:14.'],
  ])('%o is "%s"', async (values, want) => {
    const { sayStep } = await speaking('de');
    expect(sayStep({ ...step, ...values })).toBe(want);
  });

  it('has every reason of a priority that triage chooses', async () => {
    localStorage.setItem('altis.locale', 'de');
    const { staffText } = await import('../../lib/text.staff.ts');
    const rules = read('services/triage/internal/domain/priority.go').matchAll(
      /, (Low|Normal|High|Urgent), "(.+)"\},/g,
    );
    const said = [...rules].map(([, priority, reason]) => `${priority}: ${reason}.`);
    expect(said.length).toBeGreaterThan(3);
    expect(said.filter((reason) => staffText.due.priorityReason(reason) === reason)).toEqual([]);
  });
});
