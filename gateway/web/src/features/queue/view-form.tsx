import { type FormEvent, useState } from 'react';
import { staffText } from '../../lib/text.staff.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { refusalOf, useSupervises } from './saved-views.ts';

const say = staffText.views;

export interface ViewNaming {
  name: string;
  shared: boolean;
}

interface Props {
  initial: ViewNaming;
  busy: boolean;
  error: unknown;
  onSave: (naming: ViewNaming) => void;
  onCancel: () => void;
}

/** What a view is called, and who has it. */
export function ViewForm({ initial, busy, error, onSave, onCancel }: Props) {
  const [name, setName] = useState(initial.name);
  const [shared, setShared] = useState(initial.shared);
  const [missing, setMissing] = useState(false);
  const supervises = useSupervises();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!name.trim());
    if (name.trim() && !busy) onSave({ name: name.trim(), shared });
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <TextField
        label={say.name}
        value={name}
        onChange={(typed) => {
          setName(typed);
          setMissing(false);
        }}
        maxLength={80}
        autoComplete="off"
        autoFocus
        error={missing ? say.nameMissing : undefined}
      />
      {supervises && (
        <Checkbox checked={shared} onChange={setShared}>
          {say.share}
        </Checkbox>
      )}
      <FormEnd
        confirm={say.confirm}
        busy={busy}
        error={error === null ? undefined : refusalOf(error)}
        onCancel={onCancel}
      />
    </form>
  );
}
