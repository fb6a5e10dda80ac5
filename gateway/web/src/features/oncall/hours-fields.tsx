import { useId } from 'react';
import { hoursText as say } from '../../lib/text.hours.ts';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { checkHours, type HourForm, isOvernight, sayShortWeekday, sayWeekday, week } from './hours.ts';
import '../../styles/hours.css';

interface Props {
  hours: HourForm[];
  onChange: (hours: HourForm[]) => void;
  /** Whether it has been tried to save them. */
  checked: boolean;
  /** What they are of, where a form has several lists of them. */
  of?: string;
}

/** Hours of some weekdays: any number of them, each with its days. */
export function HoursFields({ hours, onChange, checked, of }: Props) {
  const add = () => {
    const key = Math.max(-1, ...hours.map((one) => one.key)) + 1;
    onChange([...hours, { key, weekdays: week, from: '22:00', until: '07:00' }]);
  };
  return (
    <>
      {hours.length > 0 && (
        <ol className="hours-list">
          {hours.map((one, n) => (
            <OneHours
              key={one.key}
              n={n}
              hours={one}
              checked={checked}
              of={of}
              onChange={(part) => onChange(hours.with(n, { ...one, ...part }))}
              onRemove={() => onChange(hours.toSpliced(n, 1))}
            />
          ))}
        </ol>
      )}
      <div className="actions">
        <Button icon="plus" aria-label={of && `${say.add}: ${of}`} onClick={add}>
          {say.add}
        </Button>
      </div>
    </>
  );
}

interface OneProps {
  n: number;
  hours: HourForm;
  checked: boolean;
  of: string | undefined;
  onChange: (part: Partial<HourForm>) => void;
  onRemove: () => void;
}

function OneHours({ n, hours, checked, of, onChange, onRemove }: OneProps) {
  const errors = checked ? checkHours(hours) : {};
  return (
    <li className="hours">
      <Weekdays
        weekdays={hours.weekdays}
        error={errors.weekdays}
        label={say.one(n + 1)}
        onChange={(weekdays) => onChange({ weekdays })}
      />
      <fieldset className="hours-times" aria-label={say.one(n + 1)}>
        <TextField
          label={say.from}
          type="time"
          value={hours.from}
          onChange={(from) => onChange({ from })}
          error={errors.from}
        />
        <TextField
          label={say.until}
          type="time"
          value={hours.until}
          onChange={(until) => onChange({ until })}
          error={errors.until}
        />
        <Fleeting look="quiet" aria-label={of && `${say.remove(n + 1)}: ${of}`} onClick={onRemove}>
          {say.remove(n + 1)}
        </Fleeting>
      </fieldset>
      {isOvernight(hours) && <p className="muted small">{say.overnight}</p>}
    </li>
  );
}

interface WeekdaysProps {
  weekdays: number[];
  onChange: (weekdays: number[]) => void;
  label: string;
  error: string | undefined;
}

function Weekdays({ weekdays, onChange, label, error }: WeekdaysProps) {
  const id = useId();
  const about = [`${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset className="field weekdays" aria-describedby={about}>
      <legend>
        <span className="hidden">{label}: </span>
        {say.days}
      </legend>
      <span className="hint" id={`${id}-hint`}>
        {say.daysHint}
      </span>
      <div className="weekday-row">
        {week.map((day) => (
          <label key={day} className="weekday">
            <input
              type="checkbox"
              checked={weekdays.includes(day)}
              aria-label={sayWeekday(day)}
              aria-invalid={error !== undefined || undefined}
              onChange={({ target }) =>
                onChange(target.checked ? [...weekdays, day].sort() : weekdays.filter((one) => one !== day))
              }
            />
            <span aria-hidden="true">{sayShortWeekday(day)}</span>
          </label>
        ))}
      </div>
      {error && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </fieldset>
  );
}
