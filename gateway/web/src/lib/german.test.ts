import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Everything begins anew in another language, as a page does that is loaded again.
beforeEach(() => {
  localStorage.setItem('altis.locale', 'de');
  vi.resetModules();
});
afterEach(() => localStorage.setItem('altis.locale', 'en-GB'));

const now = new Date('2026-11-24T12:00:00');
const at = (local: string) => new Date(local).toISOString();

describe('in German', () => {
  it('are the texts, and the language of the page', async () => {
    const { text } = await import('./text.ts');
    const { ticketText } = await import('./text.ticket.ts');
    expect([text.nav.logout, ticketText.ticket.statuses.solved]).toEqual(['Abmelden', 'Gelöst']);
    const { staffText } = await import('./text.staff.ts');
    const { attachmentsText } = await import('./text.attachments.ts');
    expect([staffText.queue.title, attachmentsText.size(1_600_000)]).toEqual(['Warteschlange', '1,5 MiB']);
    expect(document.documentElement.lang).toBe('de');
  });

  it.each([
    ['2026-11-24T11:59:40', 'gerade eben'],
    ['2026-11-24T11:58:00', 'vor 2 Minuten'],
    ['2026-11-24T11:00:00', 'vor 1 Stunde'],
    ['2026-11-24T15:00:00', 'in 3 Stunden'],
    ['2026-11-23T09:00:00', 'gestern'],
    ['2026-11-22T09:00:00', 'vorgestern'],
    ['2025-09-02T12:00:00', '2. Sept. 2025'],
  ])('%s is %s', async (local, want) => {
    const { formatRelative } = await import('./format.ts');
    expect(formatRelative(at(local), now)).toBe(want);
  });

  it('are times within sentences', async () => {
    const { formatAt } = await import('./format.ts');
    expect(formatAt(at('2026-11-24T02:14:00'), now)).toBe('um 02:14 Uhr');
    expect(formatAt(at('2026-11-23T02:14:00'), now)).toBe('am 23. Nov. um 02:14 Uhr');
  });

  it('is all that the server says of pages', async () => {
    const source = fs.readFileSync('../../services/ticket/internal/domain/services.go', 'utf8');
    const [summary = ''] = /func \(p PageChange\) summary\(\)[\s\S]*?\n}/.exec(source) ?? [];
    const sentences = [...summary.matchAll(/return "([^"]+)"/g)].map(([, sentence]) => sentence as string);
    expect(sentences.length).toBeGreaterThan(5);
    expect(summary).toContain('+ " acknowledged the page"');
    sentences.push('Ada Park, Ben Ito acknowledged the page');

    const { ticketText } = await import('./text.ticket.ts');
    const say = ticketText.event.page;
    expect(sentences.filter((sentence) => say(sentence) === sentence)).toEqual([]);
    expect(say('Ada Park, Ben Ito acknowledged the page')).toBe('Ada Park, Ben Ito hat den Alarm bestätigt');
    expect(say('Something new')).toBe('Something new');
  });
});
