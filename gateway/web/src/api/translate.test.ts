import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

// Everything begins anew in another language, as a page does that is loaded again.
beforeEach(() => {
  localStorage.setItem('altis.locale', 'de');
  vi.resetModules();
});
afterEach(() => {
  localStorage.setItem('altis.locale', 'en-GB');
  vi.doUnmock('../lib/text.faults.de.ts');
});

/** What a reader is told of an answer. */
async function told(status: number, body: object) {
  const { problemOf, sentenceOf } = await import('./problem.ts');
  const error = await problemOf(new Response(JSON.stringify(body), { status }));
  return { error, sentence: sentenceOf(error) };
}

const field = (path: string, reason: string, description: string) => ({ path, reason, description });

describe('a refusal is said in German', () => {
  it.each([
    [404, { reason: 'TICKET_NOT_FOUND', detail: 'there is no ticket 7' }, /^Dieses Ticket gibt es nicht/],
    [400, { reason: 'TOO_MANY_VIEWS', detail: 'one person can have 50 views' }, /höchstens 50 Ansichten/],
    [400, { reason: 'TOO_MANY_VIEWS' }, /^Sie haben zu viele Ansichten/],
    [413, { reason: 'ATTACHMENT_TOO_LARGE', detail: 'a file can have at most 25 MiB' }, /höchstens 25 MiB/],
    [400, { reason: 'NEW_REASON', detail: 'something new' }, /^Das ist so nicht möglich\.$/],
    [403, { reason: 'PERMISSION_DENIED', detail: 'no' }, /^Dazu sind Sie nicht berechtigt\.$/],
    [418, { detail: 'a teapot' }, /^Dies wurde abgelehnt\.$/],
    [409, {}, /^Dies wurde inzwischen geändert/],
    [400, { reason: 'constructor', detail: 'x' }, /^Das ist so nicht möglich\.$/],
    [503, { reason: 'DATABASE_UNAVAILABLE', detail: 'temporarily unavailable' }, /^Auf unserer Seite antwortet/],
    [429, { reason: 'RATE_LIMIT', detail: 'too many requests' }, /^Zu viele Anfragen/],
  ])('%i %j', async (status, body, want) => {
    const { error, sentence } = await told(status, body);
    expect(sentence).toMatch(want);
    expect([error.status, error.reason]).toEqual([status, 'reason' in body ? body.reason : '']);
  });

  it('field by field', async () => {
    const { error, sentence } = await told(400, {
      reason: 'INVALID_FIELD',
      detail: 'ticket.subject: must be at most 1000 characters; ticket.ccs[3].email: no; other: no; third: no',
      fields: [
        field('ticket.subject', 'TOO_LONG', 'must be at most 1000 characters'),
        field('ticket.ccs[3].email', 'INVALID_ADDRESS', 'must be an e-mail address such as ada@example.com'),
        field('other', 'NEWER', 'is something else'),
        field('third', 'NEWER', 'is something else'),
      ],
    });
    expect(sentence).toBe(
      'Betreff: Höchstens 1.000 Zeichen sind möglich. ' +
        'E-Mail-Adresse: Das ist keine gültige E-Mail-Adresse, wie ada@example.com eine ist. ' +
        'Diese Angabe ist nicht gültig.',
    );
    // Beside its field each stands by itself.
    const { errorsOf } = await import('../features/tickets/create-form.ts');
    expect(errorsOf(error.fields)).toEqual({
      subject: 'Höchstens 1.000 Zeichen sind möglich.',
      ccs: 'Das ist keine gültige E-Mail-Adresse, wie ada@example.com eine ist.',
    });
  });

  it.each([
    ['TOO_SHORT', 'must be at least 1 character', 'Hier fehlt eine Angabe.'],
    ['TOO_SHORT', 'must be at least 12 characters', 'Mindestens 12 Zeichen sind nötig.'],
    ['TOO_MANY', 'must contain no more than 20 item(s)', 'Höchstens 20 sind möglich.'],
    ['TOO_MANY', 'too many', 'Das sind zu viele.'],
  ])('with its limit: %s, %s', async (reason, description, want) => {
    const { error } = await told(400, { reason: 'INVALID_FIELD', fields: [field('x', reason, description)] });
    expect(error.fields[0]?.description).toBe(want);
  });

  it('of one ticket among many', async () => {
    const { refusalOf } = await import('../features/queue/bulk.ts');
    const details = [{ '@type': 'x', reason: 'TICKET_CLOSED', domain: 'support' }];
    const error = await refusalOf({ code: 9, message: 'a closed ticket is locked', details });
    expect(error.message).toMatch(/^Dieses Ticket ist geschlossen/);
  });

  it('in general, when its words cannot be loaded', async () => {
    vi.doMock('../lib/text.faults.de.ts', () => Promise.reject(new Error('offline')));
    const { error, sentence } = await told(400, { detail: 'no', fields: [field('subject', 'REQUIRED', 'is missing')] });
    expect(sentence).toBe('Auf unserer Seite ist ein Fehler aufgetreten.');
    expect(error.fields[0]?.description).toBe('Auf unserer Seite ist ein Fehler aufgetreten.');
  });
});

it('is said in English as the server says it', async () => {
  localStorage.setItem('altis.locale', 'en-GB');
  const body = {
    reason: 'INVALID_FIELD',
    detail: 'subject: must not be empty',
    fields: [field('subject', 'REQUIRED', 'must not be empty')],
  };
  const { error, sentence } = await told(400, body);
  expect(sentence).toBe('subject: must not be empty');
  expect(error.fields).toEqual(body.fields);
});
