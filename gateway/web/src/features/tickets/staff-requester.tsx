import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { notices } from '../../ui/notices.tsx';
import { Picker } from '../../ui/picker.tsx';
import { membersQuery } from './customer-chooser.tsx';
import { type DialogProps, StaffDialog } from './staff-dialog.tsx';

const say = actionsText.requester;

export default function RequesterDialog({ ticket, onClose }: DialogProps) {
  const { data: members = [], error } = useQuery(membersQuery(ticket.organization));
  const [former] = useState(ticket.requester);
  const [to, setTo] = useState('');
  const [drop, setDrop] = useState(false);
  const [missing, setMissing] = useState(false);
  const name = former?.name || former?.email || '';
  const fault = error ? sentenceOf(error) : missing && !to ? say.missing : undefined;
  return (
    <StaffDialog
      ticket={ticket}
      onClose={onClose}
      title={say.title}
      confirm={say.confirm}
      wish={() => {
        setMissing(!to);
        return to ? { field: 'requester', requester: to, dropFormer: drop } : undefined;
      }}
      onDone={() => {
        onClose();
        notices.say(say.done);
      }}
    >
      <p>{say.lead(ticket.organizationName)}</p>
      <p>
        <span className="muted">{say.now}:</span> {name} <span className="muted small">{former?.email}</span>
      </p>
      <div className="field" data-invalid={fault ? true : undefined}>
        <span className="label" aria-hidden="true">
          {say.label}
        </span>
        <Picker
          label={say.label}
          chosen={to ? [to] : []}
          nothing={say.choose}
          search={say.find}
          options={members
            .filter(({ id, disabled }) => !disabled && id !== former?.id)
            .map(({ id, name, email }) => ({ value: id, label: name, hint: email }))}
          onChoose={([id = '']) => setTo(id)}
        />
        {fault && (
          <span className="error" role="alert">
            {fault}
          </span>
        )}
      </div>
      <div className="field">
        <Checkbox checked={drop} onChange={setDrop}>
          {say.drop(name)}
        </Checkbox>
        <span className="hint">{drop ? say.noCopies(name) : say.becomesCc(name)}</span>
      </div>
    </StaffDialog>
  );
}
