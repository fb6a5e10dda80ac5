import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import type { Schedule } from '../../api/types.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { useDeleteSchedule } from './schedules.ts';

const Modal = lazy(() => import('../../ui/modal.tsx').then((m) => ({ default: m.Modal })));

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
          <Modal title={say.title(name)} onClose={() => setAsking(false)}>
            <p>{say.lead}</p>
            {remove.error && (
              <Banner tone="danger" alert>
                {sentenceOf(remove.error)}
              </Banner>
            )}
            <div className="actions">
              <Fleeting
                look="danger"
                busy={remove.isPending}
                onClick={() =>
                  remove.mutate(etag, {
                    onSuccess: () => {
                      notices.say(say.done(name));
                      navigate({ to: '/on-call' });
                    },
                  })
                }
              >
                {say.confirm}
              </Fleeting>
              <Button look="quiet" onClick={() => setAsking(false)}>
                {text.common.cancel}
              </Button>
            </div>
          </Modal>
        </Suspense>
      )}
    </div>
  );
}
