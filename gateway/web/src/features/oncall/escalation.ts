import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';
import type { EscalationPolicy } from '../../api/types.ts';

/** The one by which pages go. */
const id = 'default';
const path = { escalationPolicy: id };

/** The escalation policy; null until there is one. */
export const policyQuery = queryOptions({
  queryKey: ['escalationPolicy'],
  queryFn: async ({ signal }): Promise<EscalationPolicy | null> => {
    // A list may be empty, while a policy that is not found would be an error in the browser's log.
    const { escalationPolicies } = data(await api.GET('/v1/escalationPolicies', { signal }));
    return (escalationPolicies as EscalationPolicy[]).find((policy) => policy.id === id) ?? null;
  },
});

export type PolicyChange = Omit<EscalationPolicy, 'id'>;

export function useSavePolicy() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: PolicyChange) => {
      const params = { path, query: { allowMissing: true } };
      return data(await api.PATCH('/v1/escalationPolicies/{escalationPolicy}', { params, body })) as EscalationPolicy;
    },
    onSuccess: (policy) => client.setQueryData(policyQuery.queryKey, policy),
    onError: (error) => isConflict(error) && client.invalidateQueries({ queryKey: policyQuery.queryKey }),
  });
}

/** Whether somebody else was faster. */
export const isConflict = (error: unknown): boolean => error instanceof ApiError && error.reason === 'ETAG_MISMATCH';

/** Seconds of a duration as the API writes it: "90s". */
export const secondsOf = (duration: string | undefined): number => Number.parseFloat(duration ?? '0');

/** The form, as people fill it in. */
export interface PolicyForm {
  steps: StepForm[];
  loops: number;
  fallback: string[];
  /** Minutes; empty means never. */
  again: string;
}

export interface StepForm {
  /** Stays with the step when it is moved. */
  key: number;
  targets: string[];
  minutes: string;
}

const minutesOf = (duration: string) => String(secondsOf(duration) / 60);

export function formOf(policy: EscalationPolicy | null): PolicyForm {
  if (!policy) return { steps: [{ key: 0, targets: [], minutes: '5' }], loops: 1, fallback: [], again: '' };
  return {
    steps: policy.steps.map(({ targets, timeout }, key) => ({ key, targets, minutes: minutesOf(timeout) })),
    loops: policy.loops,
    fallback: policy.fallback,
    again: policy.acknowledgeTimeout ? minutesOf(policy.acknowledgeTimeout) : '',
  };
}

/** Whole seconds of minutes as people write them; undefined where they are none. */
export function readMinutes(written: string): number | undefined {
  const words = written.trim().replace(',', '.');
  return /^\d+(\.\d+)?$/.test(words) ? Math.round(Number(words) * 60) : undefined;
}

const longest = 24 * 3_600;

export const isTimeout = (minutes: string): boolean => {
  const seconds = readMinutes(minutes);
  return seconds !== undefined && seconds >= 1 && seconds <= longest;
};

export const isAgain = (minutes: string): boolean => minutes.trim() === '' || (readMinutes(minutes) ?? 0) > 0;

export function isRight({ steps, fallback, again }: PolicyForm): boolean {
  return (
    steps.every(({ targets, minutes }) => targets.length > 0 && isTimeout(minutes)) &&
    fallback.length > 0 &&
    isAgain(again)
  );
}

/** What a form that is right asks for. No time means never, which has to be said: what is left out stays. */
export function changeOf({ steps, loops, fallback, again }: PolicyForm, etag: string): PolicyChange {
  return {
    steps: steps.map(({ targets, minutes }) => ({ targets, timeout: `${readMinutes(minutes)}s` })),
    loops,
    fallback,
    acknowledgeTimeout: `${readMinutes(again) ?? 0}s`,
    etag,
  };
}

/** Steps with one of them moved up or down. */
export function moved<T>(list: T[], at: number, by: 1 | -1): T[] {
  const other = at + by;
  const [one, two] = [list[at], list[other]];
  if (one === undefined || two === undefined) return list;
  return list.with(at, two).with(other, one);
}
