import { type FormEvent, useRef, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { fromLocalInput, timeZone, toLocalInput } from '../../lib/format.ts';
import { schedulesText } from '../../lib/text.schedules.ts';
import { FormEnd } from '../../ui/form-end.tsx';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useStaff } from '../staff/staff.ts';
import { useFirstError } from '../tickets/first-error.ts';
import {
  checkOverride,
  type Kind,
  kinds,
  needsPerson,
  needsReplaced,
  type OverrideForm,
  overrideOf,
} from './override-form.ts';
import { faultBeside, faultOf, useCreateOverride } from './schedules.ts';
import { cityOf, elsewhere, formatIn } from './zones.ts';

const say = schedulesText.override;

/** What is known of an exception before the dialog opens; times are in milliseconds. */
export interface OverrideDraft {
  start?: number;
  end?: number;
  /** Who is on call then. */
  replaced?: string;
}

interface Props {
  schedule: Schedule;
  draft: OverrideDraft;
  onClose: () => void;
}

const localOf = (instant: number | undefined) => (instant === undefined ? '' : toLocalInput(new Date(instant)));

/** Who is to be on call for whom, from when until when. */
export function OverrideDialog({ schedule, draft, onClose }: Props) {
  const [form, setForm] = useState<OverrideForm>({
    kind: draft.replaced ? 'KIND_REPLACE' : 'KIND_REPLACE_ALL',
    person: '',
    replaced: draft.replaced ?? '',
    from: localOf(draft.start),
    until: localOf(draft.end),
  });
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const create = useCreateOverride(schedule.id);
  const people = useStaff().map(({ id, name, email }) => ({ value: id, label: name || email }));
  const options = [{ value: '', label: say.choose }, ...people];
  const errors = attempts > 0 ? checkOverride(form) : {};
  const beside = faultBeside(create.error, ['override.person', 'replaced_person', 'start_time', 'end_time']);
  useFirstError(element, attempts);
  const change = (part: Partial<OverrideForm>) => {
    create.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (create.isPending || Object.keys(checkOverride(form)).length > 0) return;
    create.mutate(overrideOf(form), {
      onSuccess: () => {
        notices.say(say.done);
        onClose();
      },
      onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
    });
  };
  return (
    <Modal title={say.title} onClose={onClose}>
      <form ref={element} className="form" onSubmit={submit} noValidate>
        <SelectField
          label={say.kind}
          value={form.kind}
          onChange={(kind) => change({ kind: kind as Kind })}
          options={kinds.map((value) => ({ value, label: say.kinds[value] }))}
        />
        {needsPerson(form.kind) && (
          <SelectField
            label={say.who}
            value={form.person}
            onChange={(person) => change({ person })}
            options={options}
            error={errors.person ?? faultOf(create.error, 'override.person')}
          />
        )}
        {needsReplaced(form.kind) && (
          <SelectField
            label={needsPerson(form.kind) ? say.whom : say.not}
            value={form.replaced}
            onChange={(replaced) => change({ replaced })}
            options={options}
            error={errors.replaced ?? faultOf(create.error, 'replaced_person')}
          />
        )}
        <div className="columns">
          <TextField
            label={say.from}
            hint={say.hint(cityOf(timeZone()))}
            type="datetime-local"
            value={form.from}
            onChange={(from) => change({ from })}
            error={errors.from ?? faultOf(create.error, 'start_time')}
          />
          <TextField
            label={say.until}
            type="datetime-local"
            value={form.until}
            onChange={(until) => change({ until })}
            error={errors.until ?? faultOf(create.error, 'end_time')}
          />
        </div>
        <There form={form} zone={schedule.timeZone} />
        <FormEnd confirm={say.confirm} busy={create.isPending} error={beside} onCancel={onClose} />
      </form>
    </Modal>
  );
}

/** The times by the clock of the schedule, where that is another. */
function There({ form, zone }: { form: OverrideForm; zone: string }) {
  const [from, until] = [fromLocalInput(form.from), fromLocalInput(form.until)];
  if (!from || !until || !(elsewhere(zone, from) || elsewhere(zone, until))) return null;
  return <p className="muted small">{say.there(formatIn(zone, from), formatIn(zone, until), cityOf(zone))}</p>;
}
