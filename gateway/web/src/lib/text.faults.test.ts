import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsDe } from './text.faults.de.ts';

/**
 * The reasons of the server's own sources, so that none can be added without a sentence: everything that is written as
 * reasons are, other than in tests, and what is made of the names of things that are not found.
 */
const root = path.join(import.meta.dirname, '../../../..');
const sources = ['gateway', 'pkg', 'services'].flatMap((module) =>
  fs
    .readdirSync(path.join(root, module), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.go$/.test(file) && !/_test\.go$|(^|\/)(node_modules|storetest|testkit)\//.test(file))
    .map((file) => fs.readFileSync(path.join(root, module, file), 'utf8')),
);
const find = (pattern: RegExp) => sources.flatMap((go) => [...go.matchAll(pattern)].map(([, found = '']) => found));
const written = find(/"([A-Z][A-Z0-9_]{2,}[A-Z0-9])"/g);
const notFound = find(/(?:NotFound\((?:err, )?|execOne\(ctx, )"([A-Za-z ]+)"/g).map(
  (thing) => `${thing.toUpperCase().replaceAll(' ', '_')}_NOT_FOUND`,
);
const reasons = new Set([...written, ...notFound]);

/** Too much at once, something that does not answer, or a fault of the server: their status says enough of them. */
const saidByStatus = [
  'ATTACHMENTS_UNAVAILABLE',
  'CONTENT_CHANGING',
  'DATABASE_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'DOWNLOAD_MALFORMED',
  'IDENTITY_UNAVAILABLE',
  'INTERNAL',
  'KEYS_UNAVAILABLE',
  'LOGIN_LIMIT',
  'LOGIN_RENEWED',
  'MAILS_UNAVAILABLE',
  'NOT_STARTED',
  'PAGE',
  'ORGANIZATION_NOT_YET_KNOWN',
  'PANIC',
  'PASSWORDS_BUSY',
  'PERSON_UNKNOWN_YET',
  'RATE_LIMIT',
  'SHUTTING_DOWN',
  'STREAM_ENDED',
  'TICKET_UNREADABLE',
  'TIMED_OUT',
  'TOO_MANY_STREAMS',
  'TOO_MANY_UPLOADS',
  'UNCLAIMED_LIMIT',
];

/** What only services and operators are told. */
const notForPeople = [
  'EVENT_NOT_FOR_NOTIFICATION',
  'EVENT_NOT_URGENT',
  'KEY_NOT_FOUND',
  'KEY_UNKNOWN',
  'MAIL_NOT_FOUND',
  'NOT_ON_TICKET',
  'NOT_FOR_TRIAGE',
  'OUTAGE_HAS_NO_TICKET',
  'PAGE_UNSENT',
  'SERVICE_NOT_ALLOWED',
  'SOURCE_MISMATCH',
  'TASK_NOT_PARKED',
  'TICKET_INCOMPLETE',
  'TICKET_INVALID',
  'UNEXPECTED',
  'UNKNOWN_EVENT',
  'UNKNOWN_TICKET',
];

/** Why a mail that came in was held back or ignored: a word of its row, no refusal. */
const ofInboundMails = [
  'AUTOMATIC',
  'BOUNCE',
  'BOUNCE_ADDRESS',
  'COMPLAINT',
  'COPIES_STOPPED',
  'COPY',
  'DELAYED',
  'EMPTY',
  'EXPIRED',
  'FORGOTTEN',
  'NOT_APPENDED',
  'NOT_VERIFIED',
  'OTHER_SENDER',
  'OWN_MAIL',
  'TOO_MANY_OF_DOMAIN',
  'UNKNOWN',
  'UNKNOWN_SENDER',
  'UNREADABLE',
];

/** What is written like a reason, and is none. */
const noReasons = [
  'DATA',
  'ESMTP',
  'ESMTPS',
  'ALTIS',
  'BASE64',
  'BEGIN',
  'COMMIT',
  'FULL',
  'INBOX',
  'METRICS',
  'NORMAL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'PIPELINING',
  'ROLLBACK',
  'RSET',
  'SIZE',
  'SMTPUTF8',
  'STARTTLS',
  'TRACES',
];

const others = new Set([...saidByStatus, ...notForPeople, ...ofInboundMails, ...noReasons]);

describe('the reasons of the server', () => {
  it('are found', () => {
    for (const reason of [
      'INVALID_FIELD',
      'ETAG_MISMATCH',
      'UNKNOWN_KEY',
      'PERSON_NOT_FOUND',
      'MALFORMED',
      'PAGE_OVER',
    ])
      expect(reasons).toContain(reason);
  });
  it('have a German sentence, each of them', () => {
    const left = [...reasons].filter((reason) => !others.has(reason) && !Object.hasOwn(faultsDe.reasons, reason));
    expect(left).toEqual([]);
  });
  it('are not said when there are none', () => {
    const known = [...Object.keys(faultsDe.reasons), ...others];
    expect(known.filter((reason) => !reasons.has(reason))).toEqual([]);
  });
});

describe('German sentences of refusals', () => {
  const said = Object.entries(faultsDe.reasons).flatMap(([reason, sentence]) =>
    typeof sentence === 'string' ? [[reason, sentence]] : [undefined, 1, 7].map((n) => [reason, sentence(n)]),
  ) as [string, string][];
  const all = [...said, ...Object.entries(faultsDe.statuses), ['', faultsDe.refused], ['', faultsDe.wrong]];

  it('stand by themselves, and address people formally', () => {
    const odd = all.filter(
      ([, sentence]) =>
        !/^[\p{Lu}\d].*([.]|\+ \( \) \. \/ -)$/u.test(String(sentence)) ||
        /#|\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir|[Ee]uch|[Ee]uer)\b/.test(String(sentence)),
    );
    expect(odd).toEqual([]);
  });
});
