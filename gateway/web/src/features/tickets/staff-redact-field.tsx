import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Select } from '../../ui/select.tsx';
import { conversationQuery } from './queries.ts';
import { type Redactable, redactable } from './redactable.ts';
import type { DialogProps } from './staff-dialog.tsx';
import { RedactForm } from './staff-redact-form.tsx';

const say = actionsText.redactField;

const nothing: Redactable = { field: 'subject', label: '', said: '' };

/** Takes text out of the subject, or of a field of the ticket's type, for good. */
export default function RedactFieldDialog({ ticket, onClose }: DialogProps) {
  const { data } = useQuery(conversationQuery(ticket.number));
  const fields = redactable(ticket, data?.events ?? []);
  const [name, setName] = useState('');
  const chosen = fields.find(({ field }) => field === name) ?? fields[0] ?? nothing;
  const path = { ticket: ticket.number };
  return (
    <RedactForm
      title={say.title}
      ticket={ticket.number}
      body={chosen.said}
      words={{ body: say.body, whole: say.whole }}
      send={({ texts, reason }) =>
        api.POST('/v1/tickets/{ticket}:redact', { params: { path }, body: { field: chosen.field, texts, reason } })
      }
      onClose={onClose}
    >
      <Select
        label={say.field}
        value={chosen.field}
        onChange={setName}
        options={fields.map(({ field, label }) => ({ value: field, label }))}
      />
    </RedactForm>
  );
}
