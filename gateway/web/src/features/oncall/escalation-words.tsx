import { useQuery } from '@tanstack/react-query';
import type { EscalationPolicy } from '../../api/types.ts';
import { escalationText as say } from '../../lib/text.escalation.ts';
import { sayDuration } from './durations.ts';
import { secondsOf } from './escalation.ts';
import { useNameOf } from './schedules.ts';
import { schedulesQuery } from './shifts.ts';

/** Whom a target means: "schedule:primary" is whoever is on call in Primary. */
export function useTarget(): (target: string) => string {
  const nameOf = useNameOf();
  const { data: schedules } = useQuery(schedulesQuery);
  return (target) => {
    const [kind, id = ''] = target.split(':');
    if (kind === 'person') return nameOf(id);
    const schedule = schedules?.find((one) => one.id === id)?.name ?? id;
    return kind === 'everyone' ? say.everyone(schedule) : say.onCall(schedule);
  };
}

/** A policy as people say it. */
export function PolicyWords({ policy }: { policy: EscalationPolicy }) {
  const nameOf = useNameOf();
  const target = useTarget();
  const { steps, loops, fallback, acknowledgeTimeout } = policy;
  return (
    <div className="policy">
      <ol className="policy-steps" aria-label={say.steps}>
        {steps.map(({ targets, timeout }, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          <li key={n}>
            <span className="badge">{say.step(n + 1)}</span>
            <span>
              <strong>{targets.map(target).join(', ')}</strong>
              <span className="muted">, {say.waits(sayDuration(secondsOf(timeout)))}</span>
            </span>
          </li>
        ))}
      </ol>
      <p>{say.loops(loops)}</p>
      <p>{say.fallback(fallback.map(nameOf).join(', '))}</p>
      <p>{acknowledgeTimeout ? say.again(sayDuration(secondsOf(acknowledgeTimeout))) : say.notAgain}</p>
    </div>
  );
}
