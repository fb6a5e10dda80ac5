import { useQueryClient } from '@tanstack/react-query';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { LoginForm } from './login-form.tsx';
import { selfQuery, useSelf } from './session.ts';

/** Over the page whose session has ended: what was typed there stays. */
export default function SessionDialog({ onDone }: { onDone: () => void }) {
  const self = useSelf();
  const client = useQueryClient();
  const done = async () => {
    const now = await client.fetchQuery({ ...selfQuery, staleTime: 0 });
    // Another person must not send what this one has typed.
    if (now.id === self.id) onDone();
    else window.location.assign('/tickets');
  };
  return (
    <Modal title={text.login.again}>
      <p>{text.login.againLead}</p>
      <LoginForm email={self.email} onDone={done} />
      <Button look="quiet" onClick={() => window.location.assign('/login')}>
        {text.login.other}
      </Button>
    </Modal>
  );
}
