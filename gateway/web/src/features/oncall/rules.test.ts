import { describe, expect, it } from 'vitest';
import type { Contact, NotificationRules } from '../../api/types.ts';
import { addStep, delayFault, isRight, moveStep, type RuleForm, rulesForm, rulesOf, sayDelay } from './rules.ts';

const rules: NotificationRules = {
  person: 'ada',
  urgent: [{ contact: 'phone' }, { contact: 'mail', delay: '90s' }, { contact: 'chat', delay: '600s' }],
  normal: [{ contact: 'mail' }],
  quietHours: { timeZone: 'Asia/Kathmandu', hours: [{ weekdays: [], from: '22:00', until: '07:00' }] },
};
const form = rulesForm(rules, 'Europe/Berlin');
const contacts = ['phone', 'mail', 'chat', 'desk'].map((id) => ({ id }) as Contact);
const steps = (...minutes: string[]): RuleForm[] =>
  minutes.map((written, key) => ({ key, contact: contacts[key]?.id ?? '', minutes: written }));

it('comes out of its form as it went in', () => {
  const { person: _, ...change } = rules;
  expect(rulesOf(form)).toEqual(change);
  expect(form.urgent.map(({ minutes }) => minutes)).toEqual(['0', '1.5', '10']);
});

it('says that there are no quiet hours any more, and begins new ones where the person is', () => {
  expect(rulesOf({ ...form, hours: [] }).quietHours).toBeNull();
  const { quietHours: _, ...without } = rules;
  expect(rulesForm(without, 'Europe/Berlin').zone).toBe('Europe/Berlin');
});

describe('steps', () => {
  it('are added with a contact that is in none, some minutes later', () => {
    let all: RuleForm[] = [];
    for (let n = 0; n < 5; n++) all = addStep(all, contacts);
    expect(all.map(({ contact, minutes }) => [contact, minutes])).toEqual([
      ['phone', '0'],
      ['mail', '5'],
      ['chat', '10'],
      ['desk', '15'],
    ]);
    expect(new Set(all.map(({ key }) => key)).size).toBe(4);
    expect(addStep(steps('0', '58'), contacts).at(-1)?.minutes).toBe('60');
  });

  it('are moved without their times', () => {
    const moved = moveStep(steps('0', '5', '10'), 2, -1);
    expect(moved.map(({ contact, minutes }) => [contact, minutes])).toEqual([
      ['phone', '0'],
      ['chat', '5'],
      ['mail', '10'],
    ]);
  });

  it.each([
    ['the first has no time', steps('?'), 0, false],
    ['one later', steps('0', '5'), 1, false],
    ['one at the same time', steps('0', '0'), 1, false],
    ['no minutes', steps('0', 'soon'), 1, true],
    ['more than an hour', steps('0', '60.1'), 1, true],
    ['one before the one above', steps('0', '10', '5'), 2, true],
    ['one after none', steps('0', '', '5'), 2, false],
  ])('%s', (_, all, n, wrong) => {
    expect(delayFault(all, n) !== undefined).toBe(wrong);
  });

  it('are right only all together', () => {
    expect(isRight(form)).toBe(true);
    expect(isRight({ ...form, normal: steps('0', '') })).toBe(false);
    expect(isRight({ ...form, hours: [{ key: 0, weekdays: [], from: '', until: '' }] })).toBe(false);
  });
});

it.each([
  [undefined, 'At once'],
  ['0s', 'At once'],
  ['300s', 'After 5 minutes'],
  ['90s', 'After 1 minute 30 seconds'],
])('a delay of %o is said as %o', (delay, said) => {
  expect(sayDelay(delay)).toBe(said);
});
