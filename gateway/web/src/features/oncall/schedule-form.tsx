import { type FormEvent, useRef, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { layersText as say } from '../../lib/text.layers.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { Banner } from '../../ui/banner.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFirstError } from '../tickets/first-error.ts';
import { ChangedMeanwhile, changeOf, isRight, type ScheduleForm, scheduleForm, useSaveSchedule } from './layers.ts';
import { LayersFields, layerFields } from './layers-fields.tsx';
import { LayersWords } from './layers-words.tsx';
import { faultBeside, faultOf } from './schedules.ts';
import { cityOf, zoneChoices } from './zones.ts';

interface Props {
  /** Null for one that is to be made. */
  schedule: Schedule | null;
  /** Called with what was saved, or with nothing. */
  onClose: (saved?: Schedule) => void;
}

/** Makes a schedule or changes one. What somebody else did meanwhile is put beside it. */
export function ScheduleFields({ schedule, onClose }: Props) {
  const [seen, setSeen] = useState(schedule); // what the person decides by, whatever comes in the meantime
  const [form, setForm] = useState<ScheduleForm>(() => scheduleForm(schedule, timeZone()));
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const save = useSaveSchedule();
  const { error } = save;
  useFirstError(element, attempts);
  const checked = attempts > 0;
  const change = (part: Partial<ScheduleForm>) => {
    save.reset();
    setForm({ ...form, ...part });
  };
  const send = (decidedBy: Schedule | null) => {
    setAttempts(attempts + 1);
    if (!isRight(form) || save.isPending) return;
    save.mutate(
      { change: changeOf(form), seen: decidedBy },
      {
        onSuccess: (saved) => {
          notices.say(say.saved(saved.name));
          onClose(saved);
        },
        onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(seen);
  };
  const keepMine = (theirs: Schedule) => {
    setSeen(theirs);
    send(theirs);
  };
  const takeTheirs = (theirs: Schedule) => {
    save.reset();
    setSeen(theirs);
    setForm(scheduleForm(theirs, timeZone()));
    setAttempts(0);
  };
  const conflict = error instanceof ChangedMeanwhile ? error.theirs : undefined;
  const beside = faultBeside(error, ['schedule.name', 'time_zone', 'schedule.layers', ...layerFields]);
  const title = schedule ? say.change : schedulesText.make;
  return (
    <form ref={element} className="form policy-form" onSubmit={submit} noValidate aria-label={title}>
      <TextField
        label={say.name}
        value={form.name}
        onChange={(name) => change({ name })}
        maxLength={100}
        error={checked && !form.name.trim() ? say.nameMissing : faultOf(error, 'schedule.name')}
      />
      <SelectField
        label={say.zone}
        hint={say.zoneHint}
        value={form.zone}
        options={zoneChoices(form.zone)}
        onChange={(zone) => change({ zone })}
        error={faultOf(error, 'time_zone')}
      />
      <LayersFields
        layers={form.layers}
        zone={form.zone}
        path="schedule.layers"
        checked={checked}
        error={error}
        onChange={(layers) => change({ layers })}
      />
      <p className="muted small">{say.after}</p>
      {conflict && (
        <Banner tone="warning" alert>
          <p>{say.conflict}</p>
          <p>
            <strong>{say.nameWas(conflict.name, cityOf(conflict.timeZone))}</strong>
          </p>
          <LayersWords layers={conflict.layers} />
          <div className="actions">
            <Fleeting onClick={() => keepMine(conflict)}>{say.keepMine}</Fleeting>
            <Fleeting onClick={() => takeTheirs(conflict)}>{say.takeTheirs}</Fleeting>
          </div>
        </Banner>
      )}
      <FormEnd confirm={say.save} busy={save.isPending} error={!conflict && beside} onCancel={() => onClose()} />
    </form>
  );
}
