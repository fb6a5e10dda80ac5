import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import type { DrillSchedule } from '../../api/types.ts';
import { drillsText } from '../../lib/text.drills.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Loading } from '../../ui/loading.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFirstError } from '../tickets/first-error.ts';
import {
  checkDrill,
  type DrillForm,
  drillForm,
  drillScheduleOf,
  drillScheduleQuery,
  useSetDrillSchedule,
} from './drills.ts';
import { sayDuration } from './durations.ts';
import { secondsOf } from './escalation.ts';
import { sayWeekday, week } from './hours.ts';
import { faultBeside, faultOf, useMay } from './schedules.ts';
import { ZonedTime } from './zoned-time.tsx';
import { cityOf, zoneChoices } from './zones.ts';

const say = drillsText.weekly;

/** When there is a drill each week, in words; supervisors change it. */
export function DrillWeekly() {
  const { data: schedule, error, refetch } = useQuery(drillScheduleQuery);
  const { supervise } = useMay();
  const [changing, setChanging] = useState(false);
  return (
    <section className="drills" aria-labelledby="weekly">
      <h2 id="weekly">{say.title}</h2>
      {!schedule &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={2} />)}
      {schedule && changing && <WeeklyFields schedule={schedule} onClose={() => setChanging(false)} />}
      {schedule && !changing && (
        <>
          <WeeklyWords schedule={schedule} />
          {supervise ? (
            <div className="actions">
              <Fleeting onClick={() => setChanging(true)}>{say.change}</Fleeting>
            </div>
          ) : (
            <p className="muted small">{say.only}</p>
          )}
        </>
      )}
    </section>
  );
}

function WeeklyWords({ schedule }: { schedule: DrillSchedule }) {
  const { enabled, weekday, time, timeZone, nextTime, acceptWithin, acknowledgeWithin } = schedule;
  return (
    <>
      {enabled ? (
        <p>
          <strong>{say.on(sayWeekday(weekday), time, cityOf(timeZone))}</strong>{' '}
          {nextTime && (
            <>
              {say.next} <ZonedTime at={nextTime} zone="" />
            </>
          )}
        </p>
      ) : (
        <p>{say.none}</p>
      )}
      <p className="muted">
        {say.targets(sayDuration(secondsOf(acceptWithin)), sayDuration(secondsOf(acknowledgeWithin)))}
      </p>
    </>
  );
}

function WeeklyFields({ schedule, onClose }: { schedule: DrillSchedule; onClose: () => void }) {
  const [form, setForm] = useState<DrillForm>(() => drillForm(schedule));
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const save = useSetDrillSchedule();
  const { error } = save;
  useFirstError(element, attempts);
  const errors = attempts > 0 ? checkDrill(form) : {};
  const change = (part: Partial<DrillForm>) => {
    save.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (save.isPending || Object.keys(checkDrill(form)).length > 0) return;
    save.mutate(drillScheduleOf(form), {
      onSuccess: () => {
        notices.say(say.saved);
        onClose();
      },
      onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
    });
  };
  const beside = faultBeside(error, ['time', 'time_zone', 'accept_within', 'acknowledge_within']);
  return (
    <form ref={element} className="form contact-form" onSubmit={submit} noValidate aria-label={say.change}>
      <Checkbox checked={form.enabled} onChange={(enabled) => change({ enabled })}>
        {say.enabled}
      </Checkbox>
      <div className="columns">
        <SelectField
          label={say.weekday}
          value={String(form.weekday)}
          options={week.map((day) => ({ value: String(day), label: sayWeekday(day) }))}
          onChange={(weekday) => change({ weekday: Number(weekday) })}
        />
        <TextField
          label={say.time}
          type="time"
          value={form.time}
          onChange={(time) => change({ time })}
          error={errors.time ?? faultOf(error, 'time')}
        />
      </div>
      <SelectField
        label={say.zone}
        value={form.zone}
        options={zoneChoices(form.zone)}
        onChange={(zone) => change({ zone })}
        error={faultOf(error, 'time_zone')}
      />
      <TextField
        label={say.accept}
        value={form.accept}
        onChange={(accept) => change({ accept })}
        error={errors.accept ?? faultOf(error, 'accept_within')}
      />
      <TextField
        label={say.acknowledge}
        value={form.acknowledge}
        onChange={(acknowledge) => change({ acknowledge })}
        error={errors.acknowledge ?? faultOf(error, 'acknowledge_within')}
      />
      <FormEnd confirm={say.save} busy={save.isPending} error={beside} onCancel={onClose} />
    </form>
  );
}
