import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Drill, DrillSchedule } from '../../api/types.ts';
import { drillsText } from '../../lib/text.drills.ts';
import { readMinutes, secondsOf } from './escalation.ts';

const say = drillsText.weekly;

const often = 2_000;

/** All drills, newest first. One that goes on is followed. */
export const drillsQuery = infiniteQueryOptions({
  queryKey: ['drills'],
  queryFn: async ({ pageParam, signal }) => {
    const query = { pageSize: 20, pageToken: pageParam };
    const { drills, nextPageToken } = data(await api.GET('/v1/drills', { params: { query }, signal }));
    return { drills: drills as Drill[], nextPageToken: nextPageToken ?? '' };
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.nextPageToken || undefined,
  refetchInterval: ({ state }) => state.data?.pages.some(({ drills }) => drills.some(goesOn)) && often,
});

export const goesOn = ({ state }: Pick<Drill, 'state'>) => state === 'STATE_RUNNING';

export const drillScheduleQuery = queryOptions({
  queryKey: ['drillSchedule'],
  queryFn: async ({ signal }) => data(await api.GET('/v1/drillSchedule', { signal })) as DrillSchedule,
});

export function useStartDrill() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (_: undefined) => data(await api.POST('/v1/drills', { body: {} })) as Drill,
    onSettled: () => {
      for (const key of ['drills', 'pages']) client.invalidateQueries({ queryKey: [key] });
    },
  });
}

type DrillScheduleChange = Omit<DrillSchedule, 'nextTime'>;

export function useSetDrillSchedule() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: DrillScheduleChange) =>
      data(await api.PUT('/v1/drillSchedule', { body })) as DrillSchedule,
    onSuccess: (schedule) => client.setQueryData(drillScheduleQuery.queryKey, schedule),
  });
}

/** When there is a drill each week, as it is filled in. */
export interface DrillForm {
  enabled: boolean;
  weekday: number;
  time: string;
  zone: string;
  /** Seconds and minutes as people write them. */
  accept: string;
  acknowledge: string;
}

export const drillForm = (schedule: DrillSchedule): DrillForm => ({
  enabled: schedule.enabled,
  weekday: schedule.weekday || 1,
  time: schedule.time,
  zone: schedule.timeZone,
  accept: String(secondsOf(schedule.acceptWithin)),
  acknowledge: String(secondsOf(schedule.acknowledgeWithin) / 60),
});

export interface DrillErrors {
  time?: string;
  accept?: string;
  acknowledge?: string;
}

const readSeconds = (written: string) => (/^\s*\d+\s*$/.test(written) ? Number(written) : undefined);

export function checkDrill({ time, accept, acknowledge }: DrillForm): DrillErrors {
  const [taken = 0, answered = 0] = [readSeconds(accept), readMinutes(acknowledge)];
  const takenRight = taken >= 1 && taken <= 600;
  const answeredRight = answered >= 1 && answered <= 3_600;
  return {
    ...(!/^\d\d:\d\d$/.test(time) && { time: say.timeMissing }),
    ...(!takenRight && { accept: say.acceptWrong }),
    ...(!answeredRight && { acknowledge: say.acknowledgeWrong }),
    ...(takenRight && answeredRight && answered < taken && { acknowledge: say.order }),
  };
}

/** The request of a form that is right. */
export const drillScheduleOf = ({
  enabled,
  weekday,
  time,
  zone,
  accept,
  acknowledge,
}: DrillForm): DrillScheduleChange => ({
  enabled,
  weekday,
  time,
  timeZone: zone,
  acceptWithin: `${readSeconds(accept)}s`,
  acknowledgeWithin: `${readMinutes(acknowledge)}s`,
});

/** How many seconds something took, at least one: more exactly people need not know it. */
export const secondsBetween = (from: string, to: string): number =>
  Math.max(1, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
