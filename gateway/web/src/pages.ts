/** The files of the pages. Which are behind which address says places.json, for the server to name them at once. */
export const pages = {
  login: () => import('./features/session/login-page.tsx'),
  list: () => import('./features/tickets/list-page.tsx'),
  create: () => import('./features/tickets/create-page.tsx'),
  ticket: () => import('./features/tickets/ticket-page.tsx'),
  queue: () => import('./features/queue/queue-page.tsx'),
  'on-call': () => import('./features/oncall/on-call-page.tsx'),
  engineer: () => import('./features/oncall/engineer-page.tsx'),
  applications: () => import('./features/applications/applications-page.tsx'),
  settings: () => import('./features/settings/settings-page.tsx'),
};
