import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, data } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { Layer, Override, Schedule } from '../../api/types.ts';
import { toLocalInput } from '../../lib/format.ts';
import { layersText as say } from '../../lib/text.layers.ts';
import { isConflict } from './escalation.ts';
import { areRight, type HourForm, hoursForm, hoursOf } from './hours.ts';
import { schedulesQuery } from './shifts.ts';

export const units = ['UNIT_HOUR', 'UNIT_DAY', 'UNIT_WEEK', 'UNIT_MONTH'] as const;
export type Unit = (typeof units)[number];

/** A layer as it is filled in; times are those of the schedule's wall. */
export interface LayerForm {
  /** Stays with the layer when it is moved. */
  key: number;
  name: string;
  people: string[];
  length: string;
  unit: Unit;
  start: string;
  end: string;
  hours: HourForm[];
}

export interface ScheduleForm {
  name: string;
  zone: string;
  layers: LayerForm[];
}

/** What a form decides: what supervisors change of a schedule. */
export type ScheduleChange = Pick<Schedule, 'name' | 'timeZone' | 'layers'>;

export const layersForm = (layers: Layer[]): LayerForm[] =>
  layers.map(({ name, people, length, unit, start, end, restrictions }, key) => ({
    key,
    name,
    people,
    length: String(length),
    unit: unit as Unit,
    start,
    end,
    hours: hoursForm(restrictions),
  }));

/** One more layer, of turns of a week from the morning of a day of the schedule's zone on. */
export function newLayer(layers: LayerForm[], zone: string, from = new Date()): LayerForm {
  const key = Math.max(-1, ...layers.map((layer) => layer.key)) + 1;
  const start = `${toLocalInput(from, zone).slice(0, 10)}T09:00`;
  return { key, name: '', people: [], length: '1', unit: 'UNIT_WEEK', start, end: '', hours: [] };
}

export const scheduleForm = (schedule: Schedule | null, home: string): ScheduleForm =>
  schedule
    ? { name: schedule.name, zone: schedule.timeZone, layers: layersForm(schedule.layers) }
    : { name: '', zone: home, layers: [newLayer([], home)] };

export interface LayerErrors {
  length?: string;
  start?: string;
  end?: string;
}

export function checkLayer({ length, start, end }: LayerForm): LayerErrors {
  const number = /^\s*\d{1,3}\s*$/.test(length) ? Number(length) : 0;
  return {
    ...((number < 1 || number > 100) && { length: say.lengthWrong }),
    ...(!start && { start: say.startMissing }),
    ...(end && start && end <= start && { end: say.endWrong }),
  };
}

export const layersAreRight = (layers: LayerForm[]) =>
  layers.every((layer) => Object.keys(checkLayer(layer)).length === 0 && areRight(layer.hours));

export const isRight = ({ name, layers }: ScheduleForm) => name.trim() !== '' && layersAreRight(layers);

export const layersOf = (layers: LayerForm[]): Layer[] =>
  layers.map(({ name, people, length, unit, start, end, hours }) => ({
    name: name.trim(),
    people,
    length: Number(length),
    unit,
    start,
    end,
    restrictions: hoursOf(hours),
  }));

export const changeOf = ({ name, zone, layers }: ScheduleForm): ScheduleChange => ({
  name: name.trim(),
  timeZone: zone,
  layers: layersOf(layers),
});

/** Who was chosen, in the order that they had, and who is new after them. */
export const inOrder = (before: string[], chosen: string[]): string[] => [
  ...before.filter((person) => chosen.includes(person)),
  ...chosen.filter((person) => !before.includes(person)),
];

/** An id out of the name of a schedule that no other one has, though others may make one of this name meanwhile. */
export function idOf(name: string, token = crypto.randomUUID().slice(0, 6)): string {
  const words = name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${words.slice(0, 50).replace(/-+$/, '') || 'schedule'}-${token}`;
}

/** Somebody else has changed the schedule since it was seen. */
export class ChangedMeanwhile extends Error {
  readonly theirs: Schedule;

  constructor(theirs: Schedule) {
    super('the schedule has changed');
    this.theirs = theirs;
  }
}

export interface ScheduleSave {
  change: ScheduleChange;
  /** What the person decided by; null for a schedule that is to be made. */
  seen: Schedule | null;
}

/** Changes a schedule, unless it is another one than was seen, which the server knows, or makes it. */
export function useSaveSchedule() {
  const client = useQueryClient();
  const made = useRef<string>(undefined); // the id of one that may have been made, of which no answer came
  return useMutation({
    mutationFn: async ({ change, seen }: ScheduleSave): Promise<Schedule> => {
      const save = async (schedule: string, allowMissing: boolean, body: ScheduleChange & { etag?: string }) => {
        const params = { path: { schedule }, query: { allowMissing } };
        return data(await api.PATCH('/v1/schedules/{schedule}', { params, body })) as Schedule;
      };
      try {
        if (seen) return await save(seen.id, false, { ...change, etag: seen.etag });
        made.current ??= idOf(change.name);
        return await save(made.current, true, change);
      } catch (error) {
        if (error instanceof ApiError && error.refused) made.current = undefined;
        if (!seen || !isConflict(error)) throw error;
        const schedules = await client.fetchQuery({ ...schedulesQuery, staleTime: 0 });
        const theirs = schedules.find(({ id }) => id === seen.id);
        throw theirs ? new ChangedMeanwhile(theirs) : error;
      }
    },
    onSuccess: (saved) => {
      // Its page would say that there is none until the list has come again.
      client.setQueryData(schedulesQuery.queryKey, (all) => all && [...all.filter(({ id }) => id !== saved.id), saved]);
      for (const key of ['schedules', 'shifts', 'onCall']) client.invalidateQueries({ queryKey: [key] });
    },
  });
}

export type TemporaryOverride = Pick<Override, 'startTime' | 'endTime' | 'layers'>;

/** Puts layers in place of those of a schedule for a while. */
export function useCreateTemporary(schedule: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (override: TemporaryOverride) =>
      api.POST('/v1/schedules/{schedule}/overrides', {
        params: { path: { schedule } },
        body: { kind: 'KIND_TEMPORARY', ...override },
      }),
    onSuccess: () => {
      for (const key of ['schedules', 'shifts', 'onCall']) client.invalidateQueries({ queryKey: [key] });
    },
  });
}
