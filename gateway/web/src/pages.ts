/** A file that comes when it is needed, and at once when it is there. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let file: Promise<T> | undefined;
  return () => {
    file ??= load().catch((error) => {
      file = undefined; // the next time it may come
      throw error;
    });
    return file;
  };
}

/** The files of the pages. */
export const pages = {
  login: once(() => import('./features/session/login-page.tsx')),
  list: once(() => import('./features/tickets/list-page.tsx')),
  create: once(() => import('./features/tickets/create-page.tsx')),
  ticket: once(() => import('./features/tickets/ticket-page.tsx')),
  queue: once(() => import('./features/queue/queue-page.tsx')),
  onCall: once(() => import('./features/oncall/on-call-page.tsx')),
  engineerPage: once(() => import('./features/oncall/engineer-page.tsx')),
  applications: once(() => import('./features/applications/applications-page.tsx')),
  settings: once(() => import('./features/settings/settings-page.tsx')),
};

const places: [RegExp, () => Promise<unknown>][] = [
  [/^\/login$/, pages.login],
  [/^\/tickets$/, pages.list],
  [/^\/tickets\/new$/, pages.create],
  [/^\/tickets\/\d+$/, pages.ticket],
  [/^\/queue$/, pages.queue],
  [/^\/on-call$/, pages.onCall],
  [/^\/on-call\/pages\/[^/]+$/, pages.engineerPage],
  [/^\/applications$/, pages.applications],
  [/^\/settings$/, pages.settings],
];

/** The page that the router will show at a path, as far as the path alone tells. */
export function pageAt(path: string): (() => Promise<unknown>) | undefined {
  return places.find(([place]) => place.test(path))?.[1];
}
