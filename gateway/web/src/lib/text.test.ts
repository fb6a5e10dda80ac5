import { describe, expect, it } from 'vitest';
import { actionsDe } from './text.actions.de.ts';
import { actionsEn } from './text.actions.en.ts';
import { applicationsDe } from './text.applications.de.ts';
import { applicationsEn } from './text.applications.en.ts';
import { attachmentsDe } from './text.attachments.de.ts';
import { attachmentsEn } from './text.attachments.en.ts';
import { commandsDe } from './text.commands.de.ts';
import { commandsEn } from './text.commands.en.ts';
import { createDe } from './text.create.de.ts';
import { createEn } from './text.create.en.ts';
import { de } from './text.de.ts';
import { en } from './text.en.ts';
import { pagesDe } from './text.pages.de.ts';
import { pagesEn } from './text.pages.en.ts';
import { settingsDe } from './text.settings.de.ts';
import { settingsEn } from './text.settings.en.ts';
import { staffDe } from './text.staff.de.ts';
import { staffEn } from './text.staff.en.ts';
import { ticketDe } from './text.ticket.de.ts';
import { ticketEn } from './text.ticket.en.ts';

/** Every text with its path; of functions what they say for some values. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    // Some take numbers, some names; English ones take either.
    const values = path.startsWith('event.') ? ['Ada'] : [0, 1, 7];
    return values.map((n) => [`${path}(${n})`, String(value(n, 'Ada'))] as [string, string]);
  }
  return Object.entries(value as object).flatMap(([key, inner]) => flatten(inner, path ? `${path}.${key}` : key));
}

// Words that are the same in both languages.
const same =
  /^(Altis|PagerDuty|Support|Spam|Status|System|Normal|Tickets?|Trace|CC|Name|Team|optional|1 Ticket|7 Tickets|0 Tickets|\d.*|Ada.*|#.*|Ticket #\d|)$/;
const sameKeys = /^(list\.examples\.\d\.0|event\.page\(|product)/;

describe.each([
  ['shell', en, de],
  ['tickets', ticketEn, ticketDe],
  ['applications', applicationsEn, applicationsDe],
  ['form', createEn, createDe],
  ['settings', settingsEn, settingsDe],
  ['commands', commandsEn, commandsDe],
  ['files', attachmentsEn, attachmentsDe],
  ['staff', staffEn, staffDe],
  ['history of pages', pagesEn, pagesDe],
  ['actions of staff', actionsEn, actionsDe],
])('texts of the %s', (_, english, german) => {
  const first = flatten(english);
  const second = flatten(german);
  it('have the same keys', () => {
    expect(second.map(([path]) => path)).toEqual(first.map(([path]) => path));
  });
  it('are translated, each of them', () => {
    const left = first
      .map(([path, said], index) => [path, said, second[index]?.[1]] as const)
      .filter(([path, said, other]) => said === other && !same.test(said) && !sameKeys.test(path));
    expect(left).toEqual([]);
  });
  it('address people formally', () => {
    const informal = second.filter(([, said]) => /\b([Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir|[Ee]uch|[Ee]uer)\b/.test(said));
    expect(informal).toEqual([]);
  });
});
