import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { Button } from '../../ui/button.tsx';
import { notices } from '../../ui/notices.tsx';
import { useDeleteSchedule } from './schedules.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = schedulesText.remove;

/** Deletes a schedule, unless a step of the escalation policy names it. */
export function ScheduleRemove({ schedule: { id, name, etag } }: { schedule: Schedule }) {
  const [asking, setAsking] = useState(false);
  const remove = useDeleteSchedule(id);
  const navigate = useNavigate();
  return (
    <div className="actions">
      <Button onClick={() => setAsking(true)}>{say.open}</Button>
      {asking && (
        <Suspense>
          <Confirm
            title={say.title(name)}
            confirm={say.confirm}
            danger
            deed={remove}
            onConfirm={() =>
              remove.mutate(etag, {
                onSuccess: () => {
                  notices.say(say.done(name));
                  navigate({ to: '/on-call' });
                },
              })
            }
            onClose={() => setAsking(false)}
          >
            <p>{say.lead}</p>
          </Confirm>
        </Suspense>
      )}
    </div>
  );
}
