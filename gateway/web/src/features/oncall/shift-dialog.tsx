import type { Schedule } from '../../api/types.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import type { Bar } from './calendar.ts';
import { sayReason, saySpan, sayThere, sayWho } from './calendar-words.ts';
import { useWhat } from './schedule-overrides.tsx';
import type { Open } from './schedule-page.tsx';
import { useMay } from './schedules.ts';

interface Props {
  schedule: Schedule;
  bar: Bar;
  onOpen: (open: Open) => void;
  onClose: () => void;
}

/** One shift of a calendar: whose it is, by the clocks of viewer and schedule, why, and what can be done about it. */
export function ShiftDialog({ schedule, bar, onOpen, onClose }: Props) {
  const { standIn } = useMay();
  const what = useWhat();
  const { duty, start, end } = bar;
  const override = schedule.overrides.find(({ id }) => id === duty?.override);
  const reason = override ? what(override) : sayReason(bar, schedule);
  const there = sayThere(bar, schedule.timeZone);
  const comes = end > Date.now();
  return (
    <Modal title={sayWho(bar)} onClose={onClose}>
      <dl className="shift-facts">
        <dt>{say.shift.when}</dt>
        <dd>
          {saySpan(bar)}
          {there && <span className="muted small">{there}</span>}
        </dd>
        {reason && (
          <>
            <dt>{say.shift.why}</dt>
            <dd>{reason}</dd>
          </>
        )}
      </dl>
      <div className="actions">
        {standIn && comes && (
          <Button
            look="primary"
            onClick={() => onOpen({ override: { start, end, ...(duty && { replaced: duty.person.id }) } })}
          >
            {duty ? say.shift.standIn : say.shift.fill}
          </Button>
        )}
        {standIn && comes && duty && <Button onClick={() => onOpen({ swap: bar })}>{say.shift.swap}</Button>}
        <Button look="quiet" onClick={onClose}>
          {text.common.close}
        </Button>
      </div>
    </Modal>
  );
}
