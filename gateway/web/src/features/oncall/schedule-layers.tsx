import { lazy, Suspense, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Loading } from '../../ui/loading.tsx';
import { LayersWords } from './layers-words.tsx';
import { ScheduleRemove } from './schedule-remove.tsx';
import { useMay } from './schedules.ts';

const ScheduleFields = lazy(() => import('./schedule-form.tsx').then((file) => ({ default: file.ScheduleFields })));

/** The rotations of a schedule, in words; supervisors change them. */
export function ScheduleLayers({ schedule }: { schedule: Schedule }) {
  const { supervise } = useMay();
  const [changing, setChanging] = useState(false);
  return (
    <section aria-labelledby="layers">
      <h2 id="layers">{say.layers.title}</h2>
      {changing ? (
        <Suspense fallback={<Loading rows={4} />}>
          <ScheduleFields schedule={schedule} onClose={() => setChanging(false)} />
        </Suspense>
      ) : (
        <>
          {schedule.layers.length > 1 && <p className="muted">{say.layers.lead}</p>}
          <LayersWords layers={schedule.layers} />
          {supervise ? (
            <div className="actions">
              <Fleeting onClick={() => setChanging(true)}>{say.layers.change}</Fleeting>
              <ScheduleRemove schedule={schedule} />
            </div>
          ) : (
            <p className="muted small">{say.layers.only}</p>
          )}
        </>
      )}
    </section>
  );
}
