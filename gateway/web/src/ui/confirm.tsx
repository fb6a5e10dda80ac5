import type { ReactNode } from 'react';
import { FormEnd } from './form-end.tsx';
import { Modal } from './modal.tsx';
import { notices } from './notices.tsx';

interface Props {
  title: string;
  confirm: string;
  danger?: boolean;
  /** What is done, while it is under way and when it has failed. */
  deed?: { isPending: boolean; error: Error | null };
  /** Said when it is done. */
  done?: string;
  /** Given what follows on success: that is said, and the question goes. */
  onConfirm: (then: { onSuccess: () => void }) => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done that others notice, or that is gone then. */
export default function Confirm({ title, confirm, danger = false, deed, done, onConfirm, onClose, children }: Props) {
  const onSuccess = () => {
    if (done) notices.say(done);
    onClose();
  };
  return (
    <Modal title={title} onClose={onClose}>
      {children}
      <FormEnd
        confirm={confirm}
        danger={danger}
        busy={deed?.isPending ?? false}
        error={deed?.error}
        onConfirm={() => onConfirm({ onSuccess })}
        onCancel={onClose}
      />
    </Modal>
  );
}
