import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Contact, NotificationRules, NotificationStep, QuietHours } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { rulesText } from '../../lib/text.rules.ts';
import { sayDuration } from './durations.ts';
import { moved, readMinutes, secondsOf } from './escalation.ts';
import { areRight, type HourForm, hoursForm, hoursOf } from './hours.ts';

const say = rulesText.form;

/** How a person wants to be notified. */
export const rulesQuery = (person: string) =>
  queryOptions({
    queryKey: ['notificationRules', person],
    queryFn: async ({ signal }) => {
      const params = { path: { person } };
      return data(await api.GET('/v1/notificationRules/{person}', { params, signal })) as NotificationRules;
    },
  });

/** Without quiet hours it says so: what is left out stays. */
export interface RulesChange extends Pick<NotificationRules, 'urgent' | 'normal'> {
  quietHours: QuietHours | null;
}

export function useSaveRules(person: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: RulesChange) => {
      const request = { params: { path: { person } }, body: body as Omit<NotificationRules, 'person'> };
      return data(await api.PATCH('/v1/notificationRules/{person}', request)) as NotificationRules;
    },
    onSuccess: (rules) => client.setQueryData(rulesQuery(person).queryKey, rules),
  });
}

/** A step as it is filled in. */
export interface RuleForm {
  /** Stays with the contact when it is moved. */
  key: number;
  contact: string;
  /** Of the first step it is not asked. */
  minutes: string;
}

export interface RulesForm {
  urgent: RuleForm[];
  normal: RuleForm[];
  hours: HourForm[];
  zone: string;
}

const stepsForm = (steps: NotificationStep[]): RuleForm[] =>
  steps.map(({ contact, delay }, key) => ({ key, contact, minutes: String(secondsOf(delay) / 60) }));

/** The form of rules; home is the zone of the person, for hours that begin. */
export const rulesForm = ({ urgent, normal, quietHours }: NotificationRules, home: string): RulesForm => ({
  urgent: stepsForm(urgent),
  normal: stepsForm(normal),
  hours: hoursForm(quietHours?.hours ?? []),
  zone: quietHours?.timeZone ?? (home || timeZone()),
});

/** The contacts that are in no step yet: each can be in one only. */
export const unused = (steps: RuleForm[], contacts: Contact[]): Contact[] =>
  contacts.filter(({ id }) => !steps.some((step) => step.contact === id));

/** How many steps there can be. */
export const mostSteps = 10;
const longest = 3_600;

/** Steps with one more, some minutes after the last. */
export function addStep(steps: RuleForm[], contacts: Contact[]): RuleForm[] {
  const [next] = unused(steps, contacts);
  if (!next || steps.length >= mostSteps) return steps;
  const last = steps.length > 1 ? (readMinutes(steps.at(-1)?.minutes ?? '') ?? 0) : 0;
  const minutes = steps.length === 0 ? 0 : Math.min(longest, last + 300) / 60;
  return [...steps, { key: Math.max(-1, ...steps.map(({ key }) => key)) + 1, contact: next.id, minutes: `${minutes}` }];
}

/** Moves a contact up or down. The times stay where they are: they are those of the steps. */
export function moveStep(steps: RuleForm[], at: number, by: 1 | -1): RuleForm[] {
  return moved(steps, at, by).map((step, n) => ({ ...step, minutes: steps[n]?.minutes ?? '' }));
}

/** What is wrong with the time of a step. */
export function delayFault(steps: RuleForm[], n: number): string | undefined {
  if (n === 0) return undefined;
  const [before, own] = [n - 1, n].map((one) => (one === 0 ? 0 : readMinutes(steps[one]?.minutes ?? '')));
  if (own === undefined || own > longest) return say.delayWrong;
  return before !== undefined && own < before ? say.delayOrder : undefined;
}

export function isRight({ urgent, normal, hours }: RulesForm): boolean {
  return areRight(hours) && [urgent, normal].every((steps) => steps.every((_, n) => !delayFault(steps, n)));
}

const stepsOf = (steps: RuleForm[]): NotificationStep[] =>
  steps.map(({ contact, minutes }, n) => ({ contact, ...(n > 0 && { delay: `${readMinutes(minutes)}s` }) }));

/** The request of a form that is right. */
export const rulesOf = ({ urgent, normal, hours, zone }: RulesForm): RulesChange => ({
  urgent: stepsOf(urgent),
  normal: stepsOf(normal),
  quietHours: hours.length > 0 ? { timeZone: zone, hours: hoursOf(hours) } : null,
});

/** "At once", "After 1 minute 30 seconds". */
export function sayDelay(delay: string | undefined): string {
  const seconds = secondsOf(delay);
  return seconds === 0 ? rulesText.atOnce : rulesText.after(sayDuration(seconds));
}
