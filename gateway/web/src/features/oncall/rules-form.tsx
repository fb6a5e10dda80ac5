import { type FormEvent, useId, useRef, useState } from 'react';
import type { Contact, NotificationRules } from '../../api/types.ts';
import { contactsText } from '../../lib/text.contacts.ts';
import { rulesText } from '../../lib/text.rules.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useZoneOf } from '../staff/staff.ts';
import { useFirstError } from '../tickets/first-error.ts';
import { HoursFields } from './hours-fields.tsx';
import { Move } from './move.tsx';
import {
  addStep,
  delayFault,
  isRight,
  mostSteps,
  moveStep,
  type RuleForm,
  type RulesForm,
  rulesForm,
  rulesOf,
  unused,
  useSaveRules,
} from './rules.ts';
import { faultBeside, faultWithin } from './schedules.ts';
import { zoneChoices } from './zones.ts';

const say = rulesText.form;

interface Props {
  rules: NotificationRules;
  contacts: Contact[];
  onClose: () => void;
}

/** Changes how a person is notified. */
export function RulesFields({ rules, contacts, onClose }: Props) {
  const zoneOf = useZoneOf();
  const [form, setForm] = useState<RulesForm>(() => rulesForm(rules, zoneOf(rules.person)));
  const [attempts, setAttempts] = useState(0);
  const element = useRef<HTMLFormElement>(null);
  const save = useSaveRules(rules.person);
  const { error } = save;
  useFirstError(element, attempts);
  const checked = attempts > 0;
  const change = (part: Partial<RulesForm>) => {
    save.reset();
    setForm({ ...form, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAttempts(attempts + 1);
    if (!isRight(form) || save.isPending) return;
    save.mutate(rulesOf(form), {
      onSuccess: () => {
        notices.say(say.saved);
        onClose();
      },
      onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
    });
  };
  const beside = faultBeside(error, ['urgent', 'normal', 'contact', 'delay', 'hours', 'time_zone']);
  const shared = { contacts, checked, error };
  return (
    <form ref={element} className="form" onSubmit={submit} noValidate aria-label={rulesText.change}>
      <Chain
        {...shared}
        field="urgent"
        title={rulesText.urgent}
        hint={say.urgentHint}
        steps={form.urgent}
        onChange={(urgent) => change({ urgent })}
      />
      <Chain
        {...shared}
        field="normal"
        title={rulesText.normal}
        hint={say.normalHint}
        steps={form.normal}
        onChange={(normal) => change({ normal })}
      />
      <Quiet form={form} onChange={change} checked={checked} error={error} />
      <FormEnd confirm={say.save} busy={save.isPending} error={beside} onCancel={onClose} />
    </form>
  );
}

interface ChainProps {
  field: 'urgent' | 'normal';
  title: string;
  hint: string;
  steps: RuleForm[];
  contacts: Contact[];
  checked: boolean;
  error: unknown;
  onChange: (steps: RuleForm[]) => void;
}

/** The steps for pages of one kind. */
function Chain({ field, title, hint, steps, contacts, checked, error, onChange }: ChainProps) {
  const id = useId();
  const [said, setSaid] = useState('');
  const path = `notification_rules.${field}`;
  const move = (at: number, by: 1 | -1) => {
    onChange(moveStep(steps, at, by));
    setSaid(say.moved(at + by + 1));
  };
  return (
    <fieldset className="form chain" aria-describedby={id}>
      <legend>
        <h3>{title}</h3>
      </legend>
      <p className="hint" id={id}>
        {hint}
      </p>
      {steps.length > 0 && (
        <ol className="step-list">
          {steps.map((step, n) => (
            <li key={step.key} className="step-fields">
              <StepFields
                steps={steps}
                n={n}
                contacts={contacts}
                fault={
                  faultWithin(error, `${path}[${n}].contact`) ?? (n === 0 ? faultWithin(error, path, true) : undefined)
                }
                late={(checked ? delayFault(steps, n) : undefined) ?? faultWithin(error, `${path}[${n}].delay`)}
                onChange={(part) => onChange(steps.with(n, { ...step, ...part }))}
              />
              <div className="actions">
                {steps.length > 1 && (
                  <>
                    <Move label={say.up(n + 1)} sign="↑" end={n === 0} onClick={() => move(n, -1)} />
                    <Move label={say.down(n + 1)} sign="↓" end={n === steps.length - 1} onClick={() => move(n, 1)} />
                  </>
                )}
                <Fleeting look="quiet" onClick={() => onChange(steps.toSpliced(n, 1))}>
                  {say.remove(n + 1)}
                </Fleeting>
              </div>
            </li>
          ))}
        </ol>
      )}
      <span className="hidden" role="status">
        {said}
      </span>
      {contacts.length === 0 && <p className="muted">{say.noContacts}</p>}
      {unused(steps, contacts).length > 0 && steps.length < mostSteps && (
        <div className="actions">
          <Fleeting icon="plus" aria-label={`${say.add}: ${title}`} onClick={() => onChange(addStep(steps, contacts))}>
            {say.add}
          </Fleeting>
        </div>
      )}
    </fieldset>
  );
}

interface StepProps {
  steps: RuleForm[];
  n: number;
  contacts: Contact[];
  fault: string | undefined;
  late: string | undefined;
  onChange: (part: Partial<RuleForm>) => void;
}

function StepFields({ steps, n, contacts, fault, late, onChange }: StepProps) {
  const { contact, minutes } = steps[n] as RuleForm;
  const free = unused(steps, contacts);
  const options = contacts
    .filter((one) => one.id === contact || free.includes(one))
    .map(({ id, address, channel, verifyTime }) => ({
      value: id,
      label: `${contactsText.channels[channel] ?? channel}: ${address}${verifyTime ? '' : ` (${contactsText.verify.state})`}`,
    }));
  return (
    <>
      <SelectField
        label={say.contactOf(n + 1)}
        value={contact}
        options={options}
        onChange={(chosen) => onChange({ contact: chosen })}
        error={fault}
      />
      {n === 0 ? (
        <p className="muted small">{say.first}</p>
      ) : (
        <TextField
          label={say.delay(n + 1)}
          hint={say.delayHint}
          value={minutes}
          onChange={(written) => onChange({ minutes: written })}
          error={late}
        />
      )}
    </>
  );
}

interface QuietProps {
  form: RulesForm;
  checked: boolean;
  error: unknown;
  onChange: (part: Partial<RulesForm>) => void;
}

function Quiet({ form: { hours, zone }, checked, error, onChange }: QuietProps) {
  const id = useId();
  const wrong = faultWithin(error, 'notification_rules.quiet_hours.hours');
  return (
    <fieldset className="form chain" aria-describedby={wrong ? `${id} ${id}-error` : id}>
      <legend>
        <h3>{rulesText.quiet}</h3>
      </legend>
      <p className="hint" id={id}>
        {rulesText.holds}
      </p>
      {hours.length > 0 && (
        <SelectField
          label={say.zone}
          value={zone}
          options={zoneChoices(zone)}
          onChange={(chosen) => onChange({ zone: chosen })}
          error={faultWithin(error, 'notification_rules.quiet_hours.time_zone')}
        />
      )}
      <div className="form" data-invalid={wrong && true}>
        <HoursFields hours={hours} checked={checked} onChange={(next) => onChange({ hours: next })} />
      </div>
      {wrong && (
        <span className="error" id={`${id}-error`} role="alert">
          {wrong}
        </span>
      )}
    </fieldset>
  );
}
