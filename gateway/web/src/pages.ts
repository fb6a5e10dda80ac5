/** A file that comes when it is needed, and at once when it is there. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let file: Promise<T> | undefined;
  return () => {
    file ??= load().catch((error) => {
      // The next time it may come. A style sheet is not asked for again: the page would come without it.
      if (!String(error).includes('preload CSS')) file = undefined;
      throw error;
    });
    return file;
  };
}

/** The files of the pages. Which are behind which address says places.json, for the server to name them at once. */
export const pages = {
  login: once(() => import('./features/session/login-page.tsx')),
  list: once(() => import('./features/tickets/list-page.tsx')),
  create: once(() => import('./features/tickets/create-page.tsx')),
  ticket: once(() => import('./features/tickets/ticket-page.tsx')),
  queue: once(() => import('./features/queue/queue-page.tsx')),
  'on-call': once(() => import('./features/oncall/on-call-page.tsx')),
  engineer: once(() => import('./features/oncall/engineer-page.tsx')),
  schedule: once(() => import('./features/oncall/schedule-page.tsx')),
  escalation: once(() => import('./features/oncall/escalation-page.tsx')),
  drills: once(() => import('./features/oncall/drills-page.tsx')),
  contacts: once(() => import('./features/oncall/contacts-page.tsx')),
  mail: once(() => import('./features/mail/mail-page.tsx')),
  'inbound-mail': once(() => import('./features/mail/inbound-mail-page.tsx')),
  applications: once(() => import('./features/applications/applications-page.tsx')),
  settings: once(() => import('./features/settings/settings-page.tsx')),
};
