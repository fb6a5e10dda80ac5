import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageLogEntry, PageReason } from '../../api/types.ts';
import type { Language } from '../../lib/locale.ts';

/** The kinds as the API has them. */
const api = path.join(import.meta.dirname, '../../../../../proto/gen/openapi/openapi.json');
const { schemas } = JSON.parse(fs.readFileSync(api, 'utf8')).components;
const kindsOf = <Kind>(name: string) =>
  (schemas[name].enum as string[]).filter((kind) => kind !== 'KIND_UNSPECIFIED') as Kind[];
const entryKinds = kindsOf<PageLogEntry['kind']>('PageLogEntry.Kind');
const whyKinds = kindsOf<PageReason['kind']>('PageReason.Kind');

const entry: PageLogEntry = {
  createTime: '2026-11-24T02:20:00Z',
  text: 'as the server says it',
  kind: 'KIND_CALLED',
  person: 'Ada Park',
  channel: 'email',
  answer: { kind: 'KIND_PROVIDER', said: '250 ok', text: '250 ok' },
  nextContact: false,
  step: 2,
  loop: 3,
  why: { kind: 'KIND_SCHEDULE', schedule: 'Primary' },
  after: '2.500s',
  acknowledgeTime: '2026-11-24T02:14:00Z',
  title: '[Urgent] shop: down',
  event: '7',
  endedBy: '9',
  reason: 'not my system',
  count: 3,
  ticket: '8',
};

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: new Date('2026-11-24T12:00:00'), toFake: ['Date'] });
});
afterEach(() => {
  localStorage.setItem('altis.locale', 'en-GB');
  vi.useRealTimers();
});

async function speaking(language: Language) {
  localStorage.setItem('altis.locale', language);
  return import('./page-log.ts');
}

describe.each<Language>(['en', 'de'])('the history of a page in %s', (language) => {
  it('has a sentence for every kind', async () => {
    const { sayEntry } = await speaking(language);
    expect(entryKinds.length).toBeGreaterThan(10);
    const said = entryKinds.map((kind) => sayEntry({ ...entry, kind }));
    expect(said.filter((sentence) => !sentence || /undefined|NaN|as the server/.test(sentence))).toEqual([]);
    expect(new Set(said).size).toBe(entryKinds.length);
  });

  it('has a reason for every kind', async () => {
    const { sayWhy } = await speaking(language);
    expect(whyKinds.length).toBeGreaterThan(3);
    const said = whyKinds.map((kind) => sayWhy({ kind, schedule: 'Primary' }, 'as the server says it'));
    expect(said.filter((reason) => !reason || /undefined|as the server/.test(reason))).toEqual([]);
    expect(new Set(said).size).toBe(whyKinds.length);
  });

  it('is the one of the server where this release knows less', async () => {
    const { sayEntry, sayWhy } = await speaking(language);
    const kind = 'KIND_OF_LATER' as 'KIND_UNSPECIFIED';
    expect(sayEntry({ ...entry, kind })).toBe(entry.text);
    expect(sayWhy({ kind, schedule: '' }, entry.text)).toBe(entry.text);
    expect(sayWhy(undefined, entry.text)).toBe(entry.text);
  });
});

describe('in German', () => {
  it.each<[Partial<PageLogEntry>, string]>([
    [{}, 'Schritt 2 in Runde 3: Ada Park – in Bereitschaft nach dem Plan Primary'],
    [{ step: 0, why: { kind: 'KIND_FALLBACK', schedule: '' } }, 'Ersatzliste: Ada Park – steht auf der Ersatzliste'],
    [{ kind: 'KIND_FAILED' }, 'Ada Park: E-Mail fehlgeschlagen (250 ok), und es gibt keinen anderen Kontakt'],
    [
      { kind: 'KIND_UNSENT', channel: 'webhook', nextContact: true },
      'Ada Park: Webhook nach 2,5 Sekunden noch nicht zugestellt, der nächste Kontakt wird versucht',
    ],
    [
      { kind: 'KIND_UNACKNOWLEDGED' },
      'Ada Park hat die Bestätigung zurückgenommen, es wird erneut alarmiert: not my system',
    ],
    [{ kind: 'KIND_ACCEPTED_TOGETHER' }, 'Ada Park: E-Mail nahm es in einer Nachricht über 3 Alarme an (250 ok)'],
    [{ kind: 'KIND_SOLVED', person: '' }, 'Die Störung ist vorbei: Das Ticket ist gelöst'],
    [{ kind: 'KIND_SOLVED' }, 'Die Störung ist vorbei: Ada Park hat das Ticket gelöst'],
  ])('%o is "%s"', async (values, want) => {
    const { sayEntry } = await speaking('de');
    expect(sayEntry({ ...entry, ...values })).toBe(want);
  });

  it('is the hour of an acknowledgement the reader’s', async () => {
    const { sayEntry } = await speaking('de');
    const acknowledgeTime = new Date('2026-11-24T02:14:00').toISOString();
    expect(sayEntry({ ...entry, kind: 'KIND_REOPENED', acknowledgeTime })).toBe(
      'Ada Park hat um 02:14 Uhr bestätigt, seitdem geschah nichts: Es wird erneut alarmiert',
    );
  });
});
