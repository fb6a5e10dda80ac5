import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sentenceOf } from '../../api/problem.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';

interface Props {
  title: string;
  confirm: string;
  danger?: boolean;
  deed: Pick<UseMutationResult<unknown, Error, void>, 'mutate' | 'isPending' | 'error'>;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done that others notice. */
export default function Confirm({ title, confirm, danger = false, deed, onClose, children }: Props) {
  return (
    <Modal title={title} onClose={onClose}>
      {children}
      {deed.error && (
        <Banner tone="danger" alert>
          {sentenceOf(deed.error)}
        </Banner>
      )}
      <div className="actions">
        <Button look={danger ? 'danger' : 'primary'} busy={deed.isPending} onClick={() => deed.mutate()}>
          {confirm}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {text.common.cancel}
        </Button>
      </div>
    </Modal>
  );
}
