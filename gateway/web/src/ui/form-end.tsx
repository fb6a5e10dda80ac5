import type { ReactNode } from 'react';
import { sentenceOf } from '../api/problem.ts';
import { text } from '../lib/text.ts';
import { Banner } from './banner.tsx';
import { Fleeting } from './fleeting.tsx';

interface Props {
  confirm: string;
  danger?: boolean;
  busy: boolean;
  /** What was refused: an error of the server, or a sentence. */
  error?: unknown;
  /** Without it, the button submits the form that it stands in. */
  onConfirm?: () => void;
  onCancel: () => void;
  /** What stands beside the buttons. */
  children?: ReactNode;
}

/** The end of a form or a dialog: what went wrong, and the two ways out. */
export function FormEnd({ confirm, danger = false, busy, error, onConfirm, onCancel, children }: Props) {
  return (
    <>
      {Boolean(error) && (
        <Banner tone="danger" alert>
          {typeof error === 'string' ? error : sentenceOf(error)}
        </Banner>
      )}
      <div className="actions">
        <Fleeting
          look={danger ? 'danger' : 'primary'}
          type={onConfirm ? 'button' : 'submit'}
          busy={busy}
          onClick={onConfirm}
        >
          {confirm}
        </Fleeting>
        <Fleeting look="quiet" onClick={onCancel}>
          {text.common.cancel}
        </Fleeting>
        {children}
      </div>
    </>
  );
}
