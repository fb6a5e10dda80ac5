import { useState } from 'react';
import { actionsText } from '../../lib/text.actions.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Banner } from '../../ui/banner.tsx';
import { Choice } from '../../ui/choice.tsx';
import { notices } from '../../ui/notices.tsx';
import { Select } from '../../ui/select.tsx';
import { isActive, type Kind, kindIcons, kindOf, kinds, priorityOf, typeOf, type Urgency, urgencyOf } from './kinds.ts';
import { type DialogProps, StaffDialog } from './staff-dialog.tsx';

const say = actionsText.type;

// Urgent pages people: that is asked for by a button of its own.
const priorities: Urgency[] = ['low', 'normal', 'high'];

export default function TypeDialog({ ticket, onClose }: DialogProps) {
  const [from] = useState(() => kindOf(ticket.type));
  const others = kinds.filter((kind) => kind !== from);
  const [to, setTo] = useState<Kind>(from === 'question' ? 'problem' : 'question');
  const [priority, setPriority] = useState<Urgency>('normal');
  return (
    <StaffDialog
      ticket={ticket}
      onClose={onClose}
      title={say.title}
      confirm={say.confirm}
      wish={() => ({
        field: 'type',
        type: typeOf[to],
        ...(to === 'incident' && { priority: priorityOf[priority] }),
      })}
      onDone={() => {
        onClose();
        notices.say(say.done);
      }}
    >
      <p>{say.lead}</p>
      <Choice
        label={say.label}
        value={to}
        onChange={setTo}
        options={others.map((value) => ({
          value,
          label: ticketText.ticket.types[value],
          icon: kindIcons[value],
        }))}
      />
      {to === 'incident' && (
        <div className="field">
          <Select
            label={say.priority}
            value={priority}
            onChange={setPriority}
            options={priorities.map((value) => ({ value, label: ticketText.ticket.priorities[value] }))}
          />
          <span className="hint">{say.priorityHint}</span>
        </div>
      )}
      {urgencyOf(ticket) === 'urgent' && isActive(ticket) && (
        <Banner tone="warning" icon="bell" title={say.stops}>
          <p>{say.stopsLead}</p>
        </Banner>
      )}
    </StaffDialog>
  );
}
