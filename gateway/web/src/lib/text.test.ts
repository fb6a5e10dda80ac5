import { describe, expect, it } from 'vitest';
import { actionsDe } from './text.actions.de.ts';
import { actionsEn } from './text.actions.en.ts';
import { applicationsDe } from './text.applications.de.ts';
import { applicationsEn } from './text.applications.en.ts';
import { attachmentsDe } from './text.attachments.de.ts';
import { attachmentsEn } from './text.attachments.en.ts';
import { commandsDe } from './text.commands.de.ts';
import { commandsEn } from './text.commands.en.ts';
import { contactsDe } from './text.contacts.de.ts';
import { contactsEn } from './text.contacts.en.ts';
import { createDe } from './text.create.de.ts';
import { createEn } from './text.create.en.ts';
import { de } from './text.de.ts';
import { drillsDe } from './text.drills.de.ts';
import { drillsEn } from './text.drills.en.ts';
import { en } from './text.en.ts';
import { escalationDe } from './text.escalation.de.ts';
import { escalationEn } from './text.escalation.en.ts';
import { feedsDe } from './text.feeds.de.ts';
import { feedsEn } from './text.feeds.en.ts';
import { hoursDe } from './text.hours.de.ts';
import { hoursEn } from './text.hours.en.ts';
import { layersDe } from './text.layers.de.ts';
import { layersEn } from './text.layers.en.ts';
import { pagesDe } from './text.pages.de.ts';
import { pagesEn } from './text.pages.en.ts';
import { rulesDe } from './text.rules.de.ts';
import { rulesEn } from './text.rules.en.ts';
import { schedulesDe } from './text.schedules.de.ts';
import { schedulesEn } from './text.schedules.en.ts';
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
  /^(Altis|PagerDuty|Microsoft Teams|Mattermost|Opsgenie|Webhook|Code|Support|Spam|Status|System|Normal|Tickets?|Trace|CC|Name|Team|optional|1 Ticket|7 Tickets|0 Tickets|\d.*|Ada.*|#.*|Ticket #\d|)$/;
const sameKeys = /^(list\.examples\.\d\.0|event\.page\(|product|there\()/;

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
  ['schedules', schedulesEn, schedulesDe],
  ['contacts', contactsEn, contactsDe],
  ['rules of notification', rulesEn, rulesDe],
  ['drills', drillsEn, drillsDe],
  ['layers', layersEn, layersDe],
  ['links for calendars', feedsEn, feedsDe],
  ['hours', hoursEn, hoursDe],
  ['escalation', escalationEn, escalationDe],
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
