import { useQuery } from '@tanstack/react-query';
import { escalationText } from '../../lib/text.escalation.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import type { PickerOption } from '../../ui/picker.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useStaff } from '../staff/staff.ts';
import { isTimeout, type StepForm } from './escalation.ts';
import { useTarget } from './escalation-words.tsx';
import { Move } from './move.tsx';
import { PickField } from './pick-field.tsx';
import { faultWithin } from './schedules.ts';
import { schedulesQuery } from './shifts.ts';

const say = escalationText.form;

interface Props {
  step: StepForm;
  n: number;
  of: number;
  /** Whether it has been tried to save it. */
  checked: boolean;
  error: unknown;
  onChange: (part: Partial<StepForm>) => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** One step of the form: who is paged, and for how long their answer is waited for. */
export function StepFields({ step, n, of, checked, error, onChange, onMove, onRemove }: Props) {
  const options = useOptions();
  return (
    <li className="step-fields">
      <h3>{escalationText.step(n + 1)}</h3>
      <PickField
        label={say.targetsOf(n + 1)}
        search={say.find}
        nothing={say.choose}
        options={options}
        chosen={step.targets}
        onChoose={(targets) => onChange({ targets })}
        error={
          checked && step.targets.length === 0
            ? say.targetsMissing
            : faultWithin(error, `escalation_policy.steps[${n}].targets`)
        }
      />
      <TextField
        label={say.timeout}
        value={step.minutes}
        onChange={(minutes) => onChange({ minutes })}
        error={
          checked && !isTimeout(step.minutes)
            ? say.timeoutWrong
            : faultWithin(error, `escalation_policy.steps[${n}].timeout`)
        }
      />
      {of > 1 && (
        <div className="actions">
          <Move label={say.up(n + 1)} sign="↑" end={n === 0} onClick={() => onMove(-1)} />
          <Move label={say.down(n + 1)} sign="↓" end={n === of - 1} onClick={() => onMove(1)} />
          <Fleeting look="quiet" onClick={onRemove}>
            {say.remove(n + 1)}
          </Fleeting>
        </div>
      )}
    </li>
  );
}

/** All that can be paged: who is on call, everyone of a schedule, and people. */
function useOptions(): PickerOption[] {
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const staff = useStaff();
  const target = useTarget();
  const values = [
    ...schedules.map(({ id }) => `schedule:${id}`),
    ...schedules.map(({ id }) => `everyone:${id}`),
    ...staff.map(({ id }) => `person:${id}`),
  ];
  return values.map((value) => ({ value, label: target(value) }));
}
