import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { onSessionEnd } from '../../api/client.ts';
import { usePainted } from '../../lib/painted.ts';
import { keepsDrafts } from '../../lib/storage.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Icon } from '../../ui/icon.tsx';
import { NoticeList } from '../../ui/notices.tsx';
import { leaveToOthers, takeBrowser, useSelf } from '../session/session.ts';
import { EmergencyLine } from '../site/emergency.tsx';
import { Account } from './account.tsx';

const CommandCenter = lazy(() => import('../commands/command-center.tsx'));
const ofStaff = (name: 'StaffLinks' | 'Bell') =>
  lazy(() => import('../staff/staff-links.tsx').then((all) => ({ default: all[name] })));
const StaffLinks = ofStaff('StaffLinks');
const Bell = ofStaff('Bell');
const SessionDialog = lazy(() => import('../session/session-dialog.tsx'));

/** What surrounds every page inside: the navigation, with Support at its bottom, and messages. */
export function Shell() {
  const { id } = useSelf();
  const painted = usePainted();
  useEffect(() => {
    takeBrowser(id);
    return leaveToOthers(id);
  }, [id]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.common.skip}
      </a>
      <Navigation painted={painted} />
      <main id="content" tabIndex={-1}>
        <Offline />
        <Outlet />
      </main>
      <NoticeList />
      <Suspense>{painted && <CommandCenter />}</Suspense>
      <SessionEnd />
    </div>
  );
}

function Navigation({ painted }: { painted: boolean }) {
  const { staff } = useSelf();
  const [open, setOpen] = useState(false);
  const router = useRouter();
  useEffect(() => router.subscribe('onBeforeNavigate', () => setOpen(false)), [router]);
  return (
    <header className="side" data-open={open || undefined}>
      <div className="side-top">
        <Link to={staff ? '/queue' : '/tickets'} className="brand">
          <img src="/favicon.svg" alt="" width="28" height="28" />
          {text.product}
        </Link>
        <Suspense>{staff && painted && <Bell />}</Suspense>
        <button
          type="button"
          className="menu-button"
          aria-expanded={open}
          aria-controls="navigation"
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
          <span className="hidden">{text.nav.menu}</span>
        </button>
      </div>
      <div id="navigation" className="side-body">
        <nav aria-label={text.nav.label}>
          <Suspense>{staff && painted && <StaffLinks />}</Suspense>
          <Link to="/applications" className="nav-link">
            <Icon name="apps" />
            {text.nav.applications}
          </Link>
          <Link to="/tickets" className="nav-link support" activeOptions={{ exact: staff, includeSearch: false }}>
            <Icon name="help" />
            {text.nav.support}
          </Link>
        </nav>
        <Account />
      </div>
    </header>
  );
}

function Offline() {
  const online = useSyncExternalStore(watchConnection, () => navigator.onLine);
  return online ? null : (
    <Banner tone="warning" alert>
      {keepsDrafts() ? text.errors.online : text.errors.onlineNotKept}
      <EmergencyLine />
    </Banner>
  );
}

function watchConnection(changed: () => void) {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

/** Asks for a new login when the session has ended, and lets the requests that wait for it go on. */
function SessionEnd() {
  const client = useQueryClient();
  const [ended, setEnded] = useState(false);
  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    onSessionEnd(() => {
      setEnded(true);
      return new Promise((resolve) => waiting.current.push(resolve));
    });
    return () => onSessionEnd(undefined);
  }, []);
  if (!ended) return null;
  return (
    <Suspense>
      <SessionDialog
        onDone={() => {
          setEnded(false);
          for (const go of waiting.current.splice(0)) go();
          client.invalidateQueries();
        }}
      />
    </Suspense>
  );
}
