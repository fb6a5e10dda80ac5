import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import type { Draft } from '../../lib/draft.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { FormEnd } from '../../ui/form-end.tsx';
import { Modal } from '../../ui/modal.tsx';
import type { Deed } from './actions.ts';
import { type Errors, errorsOf, type Form, validateIncident } from './create-form.ts';
import { Urgent } from './create-parts.tsx';
import { useFirstError } from './first-error.ts';
import { raise, raiseForm } from './raising.ts';
import { isStale } from './stale.ts';
import { TypeDetails } from './type-details.tsx';

interface Props {
  seen: Ticket;
  /** What was typed, now or before. */
  draft: Draft<Partial<Form>>;
  busy: boolean;
  error: Error | null;
  onSend: (raise: Deed) => void;
  onClose: () => void;
}

/** Asks what the form of a new urgent incident asks. */
export default function RaiseDialog({ seen, draft, busy, error, onSend, onClose }: Props) {
  const client = useQueryClient();
  const [begun] = useState(() => raiseForm(seen));
  const form = { ...begun, ...draft.value };
  const [confirmed, setConfirmed] = useState(false);
  const [checked, setChecked] = useState<Errors>({});
  const [attempts, setAttempts] = useState(0);
  const shape = useRef<HTMLFormElement>(null);
  const refused = error instanceof ApiError ? errorsOf(error.fields) : {};
  const errors = { ...refused, ...checked };
  useFirstError(shape, attempts);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !draft.ready) return;
    const found = validateIncident(form, confirmed);
    setChecked(found);
    setAttempts((n) => n + 1);
    if (Object.keys(found).length === 0) onSend(raise(client, form));
  };
  return (
    <Modal title={ticketText.ticket.raiseTitle} onClose={onClose} look="wide">
      <form ref={shape} className="form" onSubmit={submit} noValidate>
        <Urgent
          form={form}
          errors={errors}
          change={(part) => {
            draft.change(part);
            setChecked((old) => Object.fromEntries(Object.entries(old).filter(([name]) => !(name in part))));
          }}
          confirmed={confirmed}
          onConfirm={(on) => {
            setConfirmed(on);
            setChecked(({ confirmed: _, ...rest }) => rest);
          }}
        />
        {error && (
          <Banner tone="danger" alert>
            <p>{sentenceOf(error)}</p>
            {isStale(error) && <TypeDetails ticket={seen} />}
          </Banner>
        )}
        <FormEnd confirm={ticketText.ticket.raiseConfirm} danger busy={busy || !draft.ready} onCancel={onClose}>
          {(draft.restored || draft.stored === false) && (
            <span className="muted small" role="status">
              {draft.stored === false ? text.common.notKept : text.common.restored}
            </span>
          )}
        </FormEnd>
      </form>
    </Modal>
  );
}
