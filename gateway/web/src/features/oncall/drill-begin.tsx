import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { drillsText } from '../../lib/text.drills.ts';
import { Button } from '../../ui/button.tsx';
import { useStartDrill } from './drills.ts';
import { useMay } from './schedules.ts';
import { onCallQuery } from './shifts.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = drillsText.begin;

/** Begins a drill, after it was asked back: it calls people. */
export function DrillBegin() {
  const { standIn } = useMay();
  const [asking, setAsking] = useState(false);
  if (!standIn) return <p className="muted small">{say.only}</p>;
  return (
    <div className="actions">
      <Button look="primary" onClick={() => setAsking(true)}>
        {say.open}
      </Button>
      {asking && (
        <Suspense>
          <Ask onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Ask({ onClose }: { onClose: () => void }) {
  const { data: onCall } = useQuery(onCallQuery);
  const start = useStartDrill();
  const names = new Set(onCall?.shifts.flatMap(({ person }) => (person ? [person.name || person.email] : [])));
  return (
    <Confirm
      title={say.title}
      confirm={say.confirm}
      danger
      deed={start}
      done={say.done}
      onConfirm={(then) => start.mutate(undefined, then)}
      onClose={onClose}
    >
      <p>{say.lead}</p>
      {onCall && <p className="muted">{names.size > 0 ? say.now([...names].join(', ')) : say.nobody}</p>}
    </Confirm>
  );
}
