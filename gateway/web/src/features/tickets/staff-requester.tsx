import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, useState } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { notices } from '../../ui/notices.tsx';
import { Picker } from '../../ui/picker.tsx';
import { organizationsQuery } from '../applications/applications.ts';
import { membersQuery } from './customer-chooser.tsx';
import { type DialogProps, StaffDialog } from './staff-dialog.tsx';

const say = actionsText.requester;

/** The organization of mails from unproven senders, whose tickets move to that of the new requester. */
const nobodys = 'unassigned';

export default function RequesterDialog({ ticket, onClose }: DialogProps) {
  const [{ requester: former, organization: home, organizationName }] = useState(ticket);
  const moves = home === nobodys;
  const [organization, setOrganization] = useState(moves ? '' : home);
  const { data: organizations = [], error: away } = useQuery({ ...organizationsQuery, enabled: moves });
  const { data: members = [], error } = useQuery(membersQuery(organization));
  const [to, setTo] = useState('');
  const [drop, setDrop] = useState(false);
  const [missing, setMissing] = useState(false);
  const name = former?.name || former?.email || '';
  const unchosen = missing && !to ? say.missing : undefined;
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
      <p>{moves ? say.moves : say.lead(organizationName)}</p>
      <p>
        <span className="muted">{say.now}:</span> {name} <span className="muted small">{former?.email}</span>
      </p>
      {moves && (
        <Choice
          label={say.organization}
          fault={away ? sentenceOf(away) : organization ? undefined : unchosen}
          chosen={organization}
          search={say.findOrganization}
          options={organizations.map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={([id = '']) => {
            setOrganization(id);
            setTo('');
          }}
        />
      )}
      {organization && (
        <Choice
          label={say.label}
          fault={error ? sentenceOf(error) : unchosen}
          chosen={to}
          search={say.find}
          options={members
            .filter(({ id, disabled }) => !disabled && id !== former?.id)
            .map(({ id, name, email }) => ({ value: id, label: name, hint: email }))}
          onChoose={([id = '']) => setTo(id)}
        />
      )}
      {moves ? (
        <p className="hint">{say.unproven(former?.email || name)}</p>
      ) : (
        <div className="field">
          <Checkbox checked={drop} onChange={setDrop}>
            {say.drop(name)}
          </Checkbox>
          <span className="hint">{drop ? say.noCopies(name) : say.becomesCc(name)}</span>
        </div>
      )}
    </StaffDialog>
  );
}

interface ChoiceProps extends Pick<ComponentProps<typeof Picker>, 'label' | 'search' | 'options' | 'onChoose'> {
  chosen: string;
  fault: string | undefined;
}

function Choice({ chosen, fault, ...picker }: ChoiceProps) {
  return (
    <div className="field" data-invalid={fault ? true : undefined}>
      <span className="label" aria-hidden="true">
        {picker.label}
      </span>
      <Picker {...picker} chosen={chosen ? [chosen] : []} nothing={say.choose} />
      {fault && (
        <span className="error" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}
