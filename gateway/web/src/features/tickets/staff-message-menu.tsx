import { lazy, Suspense, useState } from 'react';
import type { Message } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Menu } from '../../ui/menu.tsx';
import { redacted } from './redact.ts';

const RedactDialog = lazy(() => import('./staff-redact.tsx'));

/** What staff can do with one message. */
export function StaffMessageMenu({ message }: { message: Message }) {
  const [asked, setAsked] = useState(false);
  if (message.body === redacted && message.attachments.length === 0) return null; // there is nothing left to take out
  const name = message.author?.name || message.author?.email || '';
  return (
    <>
      <Menu
        label={actionsText.redact.menu(name)}
        items={[{ label: actionsText.redact.item, onChoose: () => setAsked(true) }]}
      />
      {asked && (
        <Suspense>
          <RedactDialog message={message} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
