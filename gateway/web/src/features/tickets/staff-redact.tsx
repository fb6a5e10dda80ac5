import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { Message } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Banner } from '../../ui/banner.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Choice } from '../../ui/choice.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { queueKey, ticketQuery } from './queries.ts';
import { faultsOf, type Redaction } from './redact.ts';
import { Passages } from './staff-passages.tsx';
import '../../styles/actions.css';

const say = actionsText.redact;

interface Props {
  message: Message;
  onClose: () => void;
}

/** Takes text and files out of a message for good. */
export default function RedactDialog({ message, onClose }: Props) {
  const { body, attachments } = message;
  const [part, setPart] = useState<'passages' | 'whole'>('passages');
  const [texts, setTexts] = useState<string[]>([]);
  const [files, setFiles] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const whole = part === 'whole';
  const chosen: Redaction = { texts, attachments: files, reason: reason.trim() };
  const faults = faultsOf(chosen, whole);
  const redact = useRedact(message, onClose);
  const send = () => {
    setTried(true);
    if (!faults.what && !faults.reason) redact.mutate(whole ? { ...chosen, texts: [], attachments: [] } : chosen);
  };
  return (
    <Modal title={say.title} look="wide" onClose={onClose}>
      <Banner tone="danger">
        <strong>{say.forGood}</strong>
        <p>{say.lead}</p>
      </Banner>
      <Choice
        label={say.what}
        look="row"
        value={part}
        onChange={setPart}
        options={[
          { value: 'passages', label: say.passages },
          { value: 'whole', label: attachments.length > 0 ? say.wholeWithFiles : say.whole },
        ]}
      />
      {!whole && <Passages body={body} texts={texts} onChange={setTexts} />}
      {!whole && attachments.length > 0 && (
        <fieldset className="field">
          <legend>{say.files}</legend>
          {attachments.map(({ id, filename }) => (
            <Checkbox
              key={id}
              checked={files.includes(id)}
              onChange={(on) => setFiles(on ? [...files, id] : files.filter((file) => file !== id))}
            >
              {filename}
            </Checkbox>
          ))}
        </fieldset>
      )}
      {tried && faults.what && (
        <p className="error" role="alert">
          {say.faults[faults.what]}
        </p>
      )}
      <TextField
        label={say.reason}
        hint={say.reasonHint}
        value={reason}
        onChange={setReason}
        maxLength={500}
        error={tried && faults.reason ? say.faults[faults.reason] : undefined}
      />
      <FormEnd
        confirm={say.confirm}
        danger
        busy={redact.isPending}
        error={redact.error}
        onConfirm={send}
        onCancel={onClose}
      />
    </Modal>
  );
}

function useRedact({ ticket, id }: Message, onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Redaction) =>
      api.POST('/v1/tickets/{ticket}/messages/{message}:redact', { params: { path: { ticket, message: id } }, body }),
    onSuccess: async () => {
      // The ticket with its conversation, and lists with a part of it: nowhere is the old text to stay. What is not shown
      // would be loaded anew only when it is shown again.
      for (const queryKey of [['tickets'], queueKey, ticketQuery(ticket).queryKey]) {
        client.removeQueries({ queryKey, type: 'inactive' });
      }
      client.invalidateQueries({ queryKey: queueKey });
      client.invalidateQueries({ queryKey: ['tickets'] });
      await client.invalidateQueries({ queryKey: ticketQuery(ticket).queryKey });
      onClose();
      notices.say(say.done);
    },
  });
}
