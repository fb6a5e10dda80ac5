import type { Override } from '../../api/types.ts';
import { fromLocalInput, timeZone, toLocalInput } from '../../lib/format.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import type { NewOverride } from './schedules.ts';

const say = schedulesText.override;

/** What exceptions can be made of here: temporary schedules have layers, and a dialog of their own. */
export const kinds = ['KIND_REPLACE_ALL', 'KIND_REPLACE', 'KIND_ADD', 'KIND_REMOVE'] as const;
export type Kind = (typeof kinds)[number] & Override['kind'];

/** The form as it is filled in; times are those of the viewer's clock. */
export interface OverrideForm {
  kind: Kind;
  person: string;
  replaced: string;
  from: string;
  until: string;
}

export type OverrideErrors = Partial<Record<keyof OverrideForm, string>>;

export const needsPerson = (kind: Kind) => kind !== 'KIND_REMOVE';
export const needsReplaced = (kind: Kind) => kind === 'KIND_REPLACE' || kind === 'KIND_REMOVE';

/** What is wrong with a time of the viewer's clock, which skips some when the clocks go forward. */
export function timeFault(local: string, zone = timeZone()): string | undefined {
  const instant = fromLocalInput(local, zone);
  if (!instant) return say.timeMissing;
  return toLocalInput(new Date(instant), zone) === local.slice(0, 16) ? undefined : say.skipped;
}

/** What is wrong with from when until when something applies. */
export function checkSpan(from: string, until: string, zone = timeZone()): { from?: string; until?: string } {
  const [start, end] = [timeFault(from, zone), timeFault(until, zone)];
  const instants = [from, until].map((local) => Date.parse(fromLocalInput(local, zone) ?? ''));
  const wrong = end ?? (!start && (instants[0] ?? 0) >= (instants[1] ?? 0) ? say.order : undefined);
  return { ...(start && { from: start }), ...(wrong && { until: wrong }) };
}

export function checkOverride(
  { kind, person, replaced, from, until }: OverrideForm,
  zone = timeZone(),
): OverrideErrors {
  const errors = {
    person: needsPerson(kind) && !person ? say.chooseMissing : undefined,
    replaced: needsReplaced(kind) && !replaced ? say.chooseMissing : undefined,
    ...checkSpan(from, until, zone),
  };
  return Object.fromEntries(Object.entries(errors).filter(([, error]) => error !== undefined));
}

/** The request of a form that is right. */
export function overrideOf({ kind, person, replaced, from, until }: OverrideForm, zone = timeZone()): NewOverride {
  return {
    kind,
    ...(needsPerson(kind) && { person }),
    ...(needsReplaced(kind) && { replacedPerson: replaced }),
    startTime: fromLocalInput(from, zone) ?? '',
    endTime: fromLocalInput(until, zone) ?? '',
  };
}
