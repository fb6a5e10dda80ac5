import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import type { Message } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Menu } from '../../ui/menu.tsx';
import { redacted } from './redact.ts';
import { idOf } from './timeline-view.tsx';

const RedactDialog = lazy(() => import('./staff-redact.tsx'));

/** What staff can do with one message. */
export function StaffMessageMenu({ message }: { message: Message }) {
  const [asked, setAsked] = useState(false);
  const empty = message.body === redacted && message.attachments.length === 0; // there is nothing left to take out
  const card = idOf(message);
  // The dialog gives the focus back to the button that it came from, which goes with the rest of the message: then
  // what is left has it. Whoever is elsewhere by then stays there.
  const opened = useRef(false);
  opened.current ||= asked;
  useEffect(() => {
    if (!empty || !opened.current) return;
    opened.current = false;
    setAsked(false);
    if (asked || document.activeElement === document.body) document.getElementById(card)?.focus();
  }, [empty, asked, card]);
  if (empty) return null;
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
