import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { actionsText } from '../../lib/text.actions.ts';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { useSelf } from '../session/session.ts';
import { staffQuery } from '../staff/staff.ts';
import { hiddenOf } from './hidden.ts';
import { statusOf } from './kinds.ts';

const TypeDialog = lazy(() => import('./staff-type.tsx'));
const RequesterDialog = lazy(() => import('./staff-requester.tsx'));
const MergeDialog = lazy(() => import('./staff-merge.tsx'));
const RedactDialog = lazy(() => import('./staff-redact-field.tsx'));
const HideDialog = lazy(() => import('./staff-hide.tsx'));

type Action = keyof typeof actionsText.items;

/** What can be done with a ticket as it is; what the server would refuse is left out. */
export function actionsOn(ticket: Ticket): Action[] {
  const hidden = hiddenOf(ticket);
  if (hidden) return hidden === 'spam' ? ['redact', 'delete'] : ['redact'];
  const always: Action[] = ['redact', 'spam', 'delete'];
  return statusOf(ticket) === 'closed' ? always : ['type', 'requester', 'merge', ...always];
}

interface Props {
  ticket: Ticket;
  /** Leaves a ticket that its viewer does not find any more. */
  onGone: () => void;
}

/** What is done with a ticket seldom, each asked back in a dialog. */
export function StaffMore({ ticket, onGone }: Props) {
  const [asked, setAsked] = useState<Action>();
  const keeps = useFindsDeleted();
  const items = actionsOn(ticket).map(
    (action): MenuItem => ({
      label: actionsText.items[action],
      onChoose: () => setAsked(action),
      command: `ticket-${action}`,
      danger: action === 'spam' || action === 'delete',
    }),
  );
  const dialog = { ticket, onClose: () => setAsked(undefined) };
  return (
    <>
      {items.length > 0 && (
        <Menu label={actionsText.more} items={items}>
          {actionsText.more}
        </Menu>
      )}
      <Suspense>
        {asked === 'type' && <TypeDialog {...dialog} />}
        {asked === 'requester' && <RequesterDialog {...dialog} />}
        {asked === 'merge' && <MergeDialog {...dialog} />}
        {asked === 'redact' && <RedactDialog {...dialog} />}
        {asked === 'spam' && <HideDialog {...dialog} to="spam" onHidden={() => undefined} />}
        {asked === 'delete' && <HideDialog {...dialog} to="deleted" onHidden={() => keeps || onGone()} />}
      </Suspense>
    </>
  );
}

/** Whether the viewer still finds what was deleted. */
function useFindsDeleted(): boolean {
  const self = useSelf();
  const { data: staff } = useQuery(staffQuery);
  const role = staff?.find(({ id }) => id === self.id)?.role;
  return role === 'STAFF_ROLE_SUPERVISOR' || role === 'STAFF_ROLE_ADMIN';
}
