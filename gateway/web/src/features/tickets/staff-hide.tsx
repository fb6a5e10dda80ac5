import { actionsText } from '../../lib/text.actions.ts';
import { notices } from '../../ui/notices.tsx';
import { type DialogProps, StaffDialog } from './staff-dialog.tsx';

interface Props extends DialogProps {
  to: 'spam' | 'deleted';
  /** Called when the ticket is out of the lists. */
  onHidden: () => void;
}

/** Marks as spam, or deletes. */
export default function HideDialog({ ticket, onClose, to, onHidden }: Props) {
  const say = to === 'spam' ? actionsText.spam : actionsText.delete;
  return (
    <StaffDialog
      ticket={ticket}
      onClose={onClose}
      title={say.title}
      confirm={say.confirm}
      danger
      wish={() => ({ field: 'hidden', hidden: to })}
      onDone={() => {
        onClose();
        notices.say(say.done(ticket.number));
        onHidden();
      }}
    >
      <p>{say.lead}</p>
      <p>{say.back}</p>
    </StaffDialog>
  );
}
