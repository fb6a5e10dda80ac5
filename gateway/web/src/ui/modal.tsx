import type { ReactNode } from 'react';
import { Dialog, Heading, ModalOverlay, Modal as Wrapped } from 'react-aria-components';
import { useKeepFocus } from './keep-focus.ts';

interface Props {
  title: string;
  children: ReactNode;
  /** Called when it is dismissed; without it, it cannot be. */
  onClose?: () => void;
  look?: 'wide' | 'palette';
}

/** A question that must be answered before the work goes on. */
export function Modal({ title, children, onClose, look }: Props) {
  const dialog = useKeepFocus<HTMLElement>(); // what opened it may go with it
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={onClose !== undefined}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Wrapped className={`modal ${look ?? ''}`}>
        <Dialog ref={dialog}>
          <Heading slot="title">{title}</Heading>
          {children}
        </Dialog>
      </Wrapped>
    </ModalOverlay>
  );
}
