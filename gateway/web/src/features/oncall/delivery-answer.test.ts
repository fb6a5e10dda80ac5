import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryAnswer } from '../../api/types.ts';
import type { Language } from '../../lib/locale.ts';

/** The kinds as the API has them. */
const api = path.join(import.meta.dirname, '../../../../../proto/gen/openapi/openapi.json');
const { schemas } = JSON.parse(fs.readFileSync(api, 'utf8')).components;
const kinds = (schemas['DeliveryAnswer.Kind'].enum as DeliveryAnswer['kind'][]).filter(
  (kind) => kind !== 'KIND_UNSPECIFIED',
);
const answer: DeliveryAnswer = { text: 'as the server says it', kind: 'KIND_PROVIDER', said: '451 later', after: '2s' };

beforeEach(() => vi.resetModules());
afterEach(() => localStorage.setItem('altis.locale', 'en-GB'));

async function speaking(language: Language) {
  localStorage.setItem('altis.locale', language);
  return (await import('./delivery-answer.ts')).sayAnswer;
}

describe.each<Language>(['en', 'de'])('what came of an attempt, in %s', (language) => {
  it('has a sentence for every kind', async () => {
    const sayAnswer = await speaking(language);
    expect(kinds.length).toBeGreaterThan(5);
    const said = kinds.map((kind) => sayAnswer({ ...answer, kind }));
    expect(said.filter((sentence) => !sentence || /undefined|NaN|as the server/.test(sentence))).toEqual([]);
    expect(new Set(said).size).toBe(kinds.length);
  });

  it('is what the provider said, or the server where this release knows less', async () => {
    const sayAnswer = await speaking(language);
    expect(sayAnswer(answer)).toBe('451 later');
    expect(sayAnswer({ ...answer, kind: 'KIND_OF_LATER' as 'KIND_UNSPECIFIED' })).toBe(answer.text);
    expect(sayAnswer(undefined)).toBe('');
  });
});

it('is said in German', async () => {
  const sayAnswer = await speaking('de');
  expect(sayAnswer({ ...answer, kind: 'KIND_WAITING' })).toBe('nach 2 Sekunden noch keine Antwort, sie wird erwartet');
  expect(sayAnswer({ ...answer, kind: 'KIND_GIVEN_UP' })).toBe('nach 5 Tagen aufgegeben: 451 later');
});
