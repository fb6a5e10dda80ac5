import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { EscalationPolicy } from '../../api/types.ts';
import { escalationText } from '../../lib/text.escalation.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Fleeting } from '../../ui/fleeting.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { notices } from '../../ui/notices.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useStaff } from '../staff/staff.ts';
import { useFirstError } from '../tickets/first-error.ts';
import {
  changeOf,
  formOf,
  isAgain,
  isConflict,
  isRight,
  moved,
  type PolicyForm,
  policyQuery,
  useSavePolicy,
} from './escalation.ts';
import { StepFields } from './escalation-step.tsx';
import { PolicyWords } from './escalation-words.tsx';
import { PickField } from './pick-field.tsx';
import { faultOf } from './schedules.ts';

const say = escalationText.form;

interface Props {
  policy: EscalationPolicy | null;
  onClose: () => void;
}

/** Changes the policy. What somebody else did meanwhile is put beside it. */
export function EscalationForm({ policy: before, onClose }: Props) {
  const [seen, setSeen] = useState(before); // what the person decides by, whatever comes in the meantime
  const [form, setForm] = useState(() => formOf(before));
  const [attempts, setAttempts] = useState(0);
  const [said, setSaid] = useState('');
  const element = useRef<HTMLFormElement>(null);
  const save = useSavePolicy();
  const { error } = save;
  useFirstError(element, attempts);
  const people = useStaff().map(({ id, name, email }) => ({ value: id, label: name || email }));
  const checked = attempts > 0;

  const change = (part: Partial<PolicyForm>) => {
    save.reset();
    setForm({ ...form, ...part });
  };
  const send = (etag: string) => {
    setAttempts(attempts + 1);
    if (!isRight(form) || save.isPending) return;
    save.mutate(changeOf(form, etag), {
      onSuccess: () => {
        notices.say(say.saved);
        onClose();
      },
      onError: () => setAttempts((n) => n + 1), // so that the focus goes to what was refused
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(seen?.etag ?? '');
  };
  const takeTheirs = (theirs: EscalationPolicy) => {
    save.reset();
    setSeen(theirs);
    setForm(formOf(theirs));
    setAttempts(0);
  };
  const move = (at: number, by: 1 | -1) => {
    change({ steps: moved(form.steps, at, by) });
    setSaid(say.moved(at + by + 1));
  };
  const add = () => {
    const key = Math.max(...form.steps.map((step) => step.key)) + 1;
    change({ steps: [...form.steps, { key, targets: [], minutes: '5' }] });
  };
  // Who is reached depends on all steps together.
  const nobody = error instanceof ApiError && isNobody(error) ? sentenceOf(error) : undefined;
  return (
    <form ref={element} className="form policy-form" onSubmit={submit} noValidate aria-label={say.title}>
      <fieldset className="form" aria-describedby={nobody && 'nobody-reached'}>
        <legend>
          <h2>{escalationText.steps}</h2>
        </legend>
        <ol className="step-list">
          {form.steps.map((step, n) => (
            <StepFields
              key={step.key}
              step={step}
              n={n}
              of={form.steps.length}
              checked={checked}
              error={error}
              onChange={(part) => change({ steps: form.steps.with(n, { ...step, ...part }) })}
              onMove={(by) => move(n, by)}
              onRemove={() => change({ steps: form.steps.toSpliced(n, 1) })}
            />
          ))}
        </ol>
        {nobody && (
          <span className="error" id="nobody-reached" role="alert">
            {nobody}
          </span>
        )}
        <span className="hidden" role="status">
          {said}
        </span>
        <div className="actions">
          <Button icon="plus" onClick={add}>
            {say.add}
          </Button>
        </div>
      </fieldset>
      <SelectField
        label={say.loops}
        value={String(form.loops)}
        onChange={(loops) => change({ loops: Number(loops) })}
        options={Array.from({ length: 10 }, (_, n) => ({ value: String(n + 1), label: say.times(n + 1) }))}
      />
      <PickField
        label={say.fallback}
        hint={say.fallbackHint}
        search={say.findPerson}
        nothing={say.choose}
        options={people}
        chosen={form.fallback}
        onChoose={(fallback) => change({ fallback })}
        error={checked && form.fallback.length === 0 ? say.fallbackMissing : faultOf(error, 'fallback')}
      />
      <TextField
        label={say.again}
        hint={say.againHint}
        value={form.again}
        onChange={(again) => change({ again })}
        error={checked && !isAgain(form.again) ? say.againWrong : faultOf(error, 'acknowledge_timeout')}
      />
      {isConflict(error) && <Conflict onKeep={send} onTake={takeTheirs} />}
      <FormEnd
        confirm={say.save}
        busy={save.isPending}
        error={!nobody && !isConflict(error) && error}
        onCancel={onClose}
      />
    </form>
  );
}

/** Of all steps together, other than of one of their targets. */
const isNobody = ({ reason, fields }: ApiError) =>
  fields.length === 0 ? reason === 'NOBODY_REACHABLE' : fields.every(({ path }) => path === 'escalation_policy');

interface ConflictProps {
  onKeep: (etag: string) => void;
  onTake: (theirs: EscalationPolicy) => void;
}

function Conflict({ onKeep, onTake }: ConflictProps) {
  const { data: theirs, isFetching } = useQuery(policyQuery);
  return (
    <Banner tone="warning" alert>
      <p>{say.conflict}</p>
      {theirs && !isFetching ? (
        <>
          <PolicyWords policy={theirs} />
          <div className="actions">
            <Fleeting onClick={() => onKeep(theirs.etag)}>{say.keepMine}</Fleeting>
            <Fleeting onClick={() => onTake(theirs)}>{say.takeTheirs}</Fleeting>
          </div>
        </>
      ) : (
        <p className="muted">{text.common.loading}</p>
      )}
    </Banner>
  );
}
