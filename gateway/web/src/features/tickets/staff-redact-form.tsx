import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Attachment } from '../../api/types.ts';
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
  title: string;
  /** The number of the ticket. */
  ticket: string;
  /** What passages are chosen from, and what it is called. */
  body: string;
  words: { body: string; whole: string };
  attachments?: Attachment[];
  send: (redaction: Redaction) => Promise<unknown>;
  onClose: () => void;
  /** What is chosen first. */
  children?: ReactNode;
}

/** Asks what is to go for good, and why. */
export function RedactForm({ title, ticket, body, words, attachments = [], send, onClose, children }: Props) {
  const [part, setPart] = useState<'passages' | 'whole'>('passages');
  const [chosenTexts, setTexts] = useState<string[]>([]);
  const [files, setFiles] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const texts = chosenTexts.filter((passage) => body.includes(passage)); // others were chosen from something else
  const whole = part === 'whole';
  const chosen: Redaction = { texts, attachments: files, reason: reason.trim() };
  const faults = faultsOf(chosen, whole);
  const redact = useRedact(ticket, send, onClose);
  const confirm = () => {
    setTried(true);
    if (!faults.what && !faults.reason) redact.mutate(whole ? { ...chosen, texts: [], attachments: [] } : chosen);
  };
  return (
    <Modal title={title} look="wide" onClose={onClose}>
      <Banner tone="danger">
        <strong>{say.forGood}</strong>
        <p>{say.lead}</p>
      </Banner>
      {children}
      <Choice
        label={say.what}
        look="row"
        value={part}
        onChange={setPart}
        options={[
          { value: 'passages', label: say.passages },
          { value: 'whole', label: words.whole },
        ]}
      />
      {!whole && <Passages label={words.body} body={body} texts={texts} onChange={setTexts} />}
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
        onConfirm={confirm}
        onCancel={onClose}
      />
    </Modal>
  );
}

function useRedact(ticket: string, send: Props['send'], onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
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
