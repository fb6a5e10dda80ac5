import { lazy, Suspense, useState } from 'react';
import type { Override, Schedule } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { sayThere } from './calendar-words.ts';
import type { Open } from './schedule-page.tsx';
import { useDeleteOverride, useMay, useNameOf } from './schedules.ts';
import { elsewhere, formatIn } from './zones.ts';

const Confirm = lazy(() => import('../../ui/confirm.tsx'));

const say = schedulesText.overrides;

/** Who stands in for whom, from now on. */
export function ScheduleOverrides({ schedule, onOpen }: { schedule: Schedule; onOpen: (open: Open) => void }) {
  const { standIn } = useMay();
  const [removing, setRemoving] = useState<Override>();
  return (
    <section aria-labelledby="overrides">
      <h2 id="overrides">{say.title}</h2>
      <p className="muted">{say.lead}</p>
      {schedule.overrides.length === 0 ? (
        <p className="muted">{say.none}</p>
      ) : (
        <ul className="overrides">
          {schedule.overrides.map((override) => (
            <Row
              key={override.id}
              schedule={schedule}
              override={override}
              onRemove={standIn ? setRemoving : undefined}
            />
          ))}
        </ul>
      )}
      {standIn ? (
        <div className="actions">
          <Button icon="plus" onClick={() => onOpen({ override: {} })}>
            {say.add}
          </Button>
          <Button onClick={() => onOpen({ swap: undefined })}>{say.swap}</Button>
          <Button onClick={() => onOpen({ temporary: true })}>{say.addTemporary}</Button>
        </div>
      ) : (
        <p className="muted small">{say.only}</p>
      )}
      {removing && (
        <Suspense>
          <Remove schedule={schedule} override={removing} onClose={() => setRemoving(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

interface RowProps {
  schedule: Schedule;
  override: Override;
  onRemove: ((override: Override) => void) | undefined;
}

function Row({ schedule, override, onRemove }: RowProps) {
  const what = useWhat()(override);
  return (
    <li>
      <span>
        <strong>{what}</strong>
        <Span override={override} zone={schedule.timeZone} />
      </span>
      {onRemove && (
        <Fleeting look="quiet" aria-label={say.removeOne(what)} onClick={() => onRemove(override)}>
          {say.remove}
        </Fleeting>
      )}
    </li>
  );
}

function Span({ override, zone }: { override: Override; zone: string }) {
  const { startTime, endTime } = override;
  const own = schedulesText.span(formatIn(timeZone(), startTime), formatIn(timeZone(), endTime));
  const there = sayThere({ start: Date.parse(startTime), end: Date.parse(endTime) }, zone);
  return (
    <span title={there}>
      {own}
      {there && elsewhere(zone, startTime) && <span className="muted small"> {there}</span>}
    </span>
  );
}

/** What an exception does, in words. */
export function useWhat(): (override: Override) => string {
  const nameOf = useNameOf();
  return ({ kind, person, replacedPerson, layers }) => {
    if (kind === 'KIND_TEMPORARY') return layers.length > 0 ? say.temporary : say.empty;
    if (kind === 'KIND_REPLACE') return say.replace(nameOf(person), nameOf(replacedPerson));
    if (kind === 'KIND_ADD') return say.also(nameOf(person));
    if (kind === 'KIND_REMOVE') return say.not(nameOf(replacedPerson));
    return say.replaceAll(nameOf(person));
  };
}

function Remove({ schedule, override, onClose }: { schedule: Schedule; override: Override; onClose: () => void }) {
  const remove = useDeleteOverride(schedule.id);
  const what = useWhat()(override);
  return (
    <Confirm
      title={say.removeTitle}
      confirm={say.remove}
      danger
      deed={remove}
      done={say.removed}
      onConfirm={(then) => remove.mutate(override.id, then)}
      onClose={onClose}
    >
      <p>
        <strong>{what}</strong>
        <br />
        <Span override={override} zone={schedule.timeZone} />
      </p>
    </Confirm>
  );
}
