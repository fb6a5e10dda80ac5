import type { SlaStep } from '../../api/types.ts';
import { formatDateTime } from '../../lib/format.ts';
import { formatSpan } from '../../lib/span.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { priorityOf, urgencies } from './kinds.ts';

const say = staffText.due;

/** A step of why a ticket is due then. The server says it in English if it knows more than this release. */
export function sayStep(step: SlaStep): string {
  return steps[step.kind]?.(step) ?? step.text;
}

type Kind = SlaStep['kind'];
type Say = (step: SlaStep) => string;

const steps: Partial<Record<Kind, Say>> & Record<Exclude<Kind, 'KIND_UNSPECIFIED'>, Say> = {
  KIND_PLAN: (step) => say.plan(step.plan, step.slaPolicy),
  KIND_OTHER_PLAN: (step) => say.otherPlan(step.plan, step.slaPolicy),
  KIND_TRIAGED: (step) => say.triaged(say.priorityReason(step.priorityReason)),
  KIND_UNPRIORITIZED: () => say.unprioritized,
  KIND_CHOSEN: (step) => say.chosen(priority(step)),
  KIND_TARGET: (step) => say.target(span(secondsOf(step.firstResponse)), span(secondsOf(step.resolution))),
  KIND_CREATED: (step) => say.created(moment(step.createTime)),
  KIND_FIRST_RESPONSE: (step) => target(step, say.steps.firstResponse),
  KIND_RESOLUTION: (step) => target(step, say.steps.resolution),
};

function target({ dueTime, doneTime }: SlaStep, words: typeof say.steps.resolution): string {
  if (!doneTime) return words.due(moment(dueTime));
  const late = (Date.parse(doneTime) - Date.parse(dueTime ?? doneTime)) / 1000;
  return late > 0 ? words.late(moment(dueTime), span(late)) : words.kept(moment(dueTime), moment(doneTime));
}

function priority(step: SlaStep): string {
  const urgency = urgencies.find((known) => priorityOf[known] === step.priority);
  return urgency ? ticketText.ticket.priorities[urgency] : step.priority;
}

const moment = (instant?: string) => (instant ? formatDateTime(instant) : '');

/** A duration is in seconds: "7200s". */
const secondsOf = (duration?: string) => Number.parseFloat(duration ?? '0');

/** Seconds in words, to the minute. */
const span = (seconds: number) => formatSpan(seconds) || say.moment;
