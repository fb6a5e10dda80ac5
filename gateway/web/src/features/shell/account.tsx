import { lazy, Suspense, useId, useState } from 'react';
import { initials } from '../../lib/format.ts';
import { text } from '../../lib/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { useSelf } from '../session/session.ts';

const AccountMenu = lazy(() => import('./account-menu.tsx'));

/** Who is logged in; behind it the settings, the appearance, and the way out. */
export function Account() {
  const self = useSelf();
  const id = useId();
  const [wanted, setWanted] = useState(false);
  return (
    <div className="account">
      <button
        type="button"
        className="account-button"
        popoverTarget={id}
        onPointerEnter={() => setWanted(true)}
        onFocus={() => setWanted(true)}
      >
        <span className="avatar" aria-hidden="true">
          {initials(self.name)}
        </span>
        <span className="hidden">{text.nav.account}: </span>
        <span className="who">
          <span className="name">{self.name}</span>
          <span className="org">{self.organization?.name ?? text.nav.staff}</span>
        </span>
        <Icon name="chevron" size={16} />
      </button>
      <div id={id} popover="auto" className="account-menu" onBeforeToggle={() => setWanted(true)}>
        {wanted && (
          <Suspense>
            <AccountMenu id={id} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
