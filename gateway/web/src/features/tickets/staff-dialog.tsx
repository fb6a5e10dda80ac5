import { type ReactNode, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { FormEnd } from '../../ui/form-end.tsx';
import { Modal } from '../../ui/modal.tsx';
import { ConflictBar } from './conflict-bar.tsx';
import { fieldOf, useStaffChange, type Wish } from './staff-change.ts';

/** What each dialog about a ticket is given. */
export interface DialogProps {
  ticket: Ticket;
  onClose: () => void;
}

interface Props extends DialogProps {
  title: string;
  confirm: string;
  danger?: boolean;
  /** What is to be changed; undefined when something is missing, which the dialog has to say. */
  wish: () => Wish | undefined;
  onDone: () => void;
  children: ReactNode;
}

/** Asks before a ticket is changed in a way that others notice. What somebody else did meanwhile is put beside it. */
export function StaffDialog({ ticket, onClose, title, confirm, danger = false, wish, onDone, children }: Props) {
  const [seen] = useState(ticket); // what the person decides by, whatever comes in the meantime
  const change = useStaffChange();
  const send = () => {
    const wanted = wish();
    if (!wanted) return;
    const same = fieldOf(seen, wanted.field) === fieldOf(ticket, wanted.field);
    change.change(wanted, same ? ticket : seen, onDone);
  };
  return (
    <Modal title={title} onClose={onClose}>
      {change.conflict ? (
        <ConflictBar change={{ ...change, takeTheirs: onClose }} />
      ) : (
        <>
          {children}
          <FormEnd
            confirm={confirm}
            danger={danger}
            busy={change.busy}
            error={change.error}
            onConfirm={send}
            onCancel={onClose}
          />
        </>
      )}
    </Modal>
  );
}
