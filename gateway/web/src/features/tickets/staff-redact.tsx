import { api } from '../../api/client.ts';
import type { Message } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { RedactForm } from './staff-redact-form.tsx';

const say = actionsText.redact;

interface Props {
  message: Message;
  onClose: () => void;
}

/** Takes text and files out of a message for good. */
export default function RedactDialog({ message: { ticket, id, body, attachments }, onClose }: Props) {
  const path = { ticket, message: id };
  return (
    <RedactForm
      title={say.title}
      ticket={ticket}
      body={body}
      words={{ body: say.body, whole: attachments.length > 0 ? say.wholeWithFiles : say.whole }}
      attachments={attachments}
      send={(redaction) =>
        api.POST('/v1/tickets/{ticket}/messages/{message}:redact', { params: { path }, body: redaction })
      }
      onClose={onClose}
    />
  );
}
