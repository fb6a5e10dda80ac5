import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { QueueSearch } from '../queue/search.ts';
import { useSelf } from '../session/session.ts';
import { commands, type World } from './commands.ts';
import { commandDialog } from './dialog.ts';
import { listen } from './keys.ts';

const Palette = lazy(() => import('./palette.tsx'));
const KeysDialog = lazy(() => import('./keys-dialog.tsx'));

/** Listens to the keys of commands, and shows their dialogs. It comes after the page, which works without. */
export default function CommandCenter() {
  const self = useSelf();
  const queries = useQueryClient();
  const router = useRouter();
  const dialog = useSyncExternalStore(commandDialog.subscribe, commandDialog.current);
  const world = useMemo<World>(
    () => ({
      self,
      queries,
      go: (to) => router.navigate(to),
      path: () => router.state.location.pathname,
      beside: () => {
        const { pathname, search } = router.state.location;
        return pathname === '/queue' ? (search as Partial<QueueSearch>).ticket : undefined;
      },
    }),
    [self, queries, router],
  );
  useEffect(() => listen(commands, world, () => commandDialog.show('palette')), [world]);
  const close = () => commandDialog.show(undefined);
  return (
    <Suspense>
      {dialog === 'palette' && <Palette world={world} onClose={close} />}
      {dialog === 'keys' && <KeysDialog world={world} onClose={close} />}
    </Suspense>
  );
}
