import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import { drillsText } from '../../lib/text.drills.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { notices } from '../../ui/notices.tsx';
import { useStartDrill } from './drills.ts';
import { useMay } from './schedules.ts';
import { onCallQuery } from './shifts.ts';

const Modal = lazy(() => import('../../ui/modal.tsx').then((m) => ({ default: m.Modal })));

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
    <Modal title={say.title} onClose={onClose}>
      <p>{say.lead}</p>
      {onCall && <p className="muted">{names.size > 0 ? say.now([...names].join(', ')) : say.nobody}</p>}
      {start.error && (
        <Banner tone="danger" alert>
          {sentenceOf(start.error)}
        </Banner>
      )}
      <div className="actions">
        <Fleeting
          look="danger"
          busy={start.isPending}
          onClick={() =>
            start.mutate(undefined, {
              onSuccess: () => {
                notices.say(say.done);
                onClose();
              },
            })
          }
        >
          {say.confirm}
        </Fleeting>
        <Button look="quiet" onClick={onClose}>
          {text.common.cancel}
        </Button>
      </div>
    </Modal>
  );
}
