import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api/problem.ts';
import { readQueueSearch } from './features/queue/search.ts';
import { selfQuery } from './features/session/session.ts';
import { BrokenAlone, BrokenPage, NotFoundAlone, NotFoundPage } from './features/shell/error-pages.tsx';
import { Shell } from './features/shell/shell.tsx';
import { siteQuery } from './features/site/site.ts';
import { isKind, type Kind } from './features/tickets/kinds.ts';
import { readListSearch } from './features/tickets/list-search.ts';
import { adopt } from './lib/locale.ts';
import { pages } from './pages.ts';
import { queries } from './queries.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundAlone, errorComponent: BrokenAlone });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    // Only paths of this site: another address must not pose as the way on.
    // And it has to be named when it is nothing, or the router keeps what the address says.
    const { next } = search;
    return { next: typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined };
  },
  component: lazyRouteComponent(pages.login, 'LoginPage'),
});

/** The pages for those who have logged in. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Shell,
  errorComponent: BrokenAlone,
  beforeLoad: async ({ location, preload }) => {
    await known(location);
    const self = queries.getQueryData(selfQuery.queryKey);
    if (preload || !self || !adopt(self)) return;
    window.location.replace(location.href);
    await new Promise(() => {}); // nothing is shown in the wrong language meanwhile
  },
});

/** Leads to the login who has not logged in. */
async function known(location: { pathname: string; href: string }): Promise<void> {
  if (queries.getQueryData(selfQuery.queryKey)) return;
  const toLogin = redirect({ to: '/login', search: location.pathname === '/' ? {} : { next: location.href } });
  // Asking for oneself without a session would be an error in the browser's log.
  const site = await queries.fetchQuery(siteQuery);
  if (!site.hasSession) throw toLogin;
  try {
    await queries.fetchQuery(selfQuery);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) throw toLogin;
    throw error;
  }
}

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: queries.getQueryData(selfQuery.queryKey)?.staff ? '/queue' : '/tickets' });
  },
});

/** Asks for what a page shows while the page itself is drawn for the first time. A mere look at a link asks for nothing. */
function meanwhile(preload: boolean, load: () => Promise<unknown>): Promise<unknown> | undefined {
  // What fails is asked for again by the page, which can say so.
  return preload ? undefined : load().catch(() => undefined);
}

/** How long, in milliseconds, the first page may wait for what it shows. */
const patience = 300;

/**
 * The same for a page that is little without it: the first one waits a moment, as the answer is mostly there by then, and to
 * draw the page empty and once more would take longer.
 */
async function before(preload: boolean, load: () => Promise<unknown>): Promise<void> {
  const loaded = meanwhile(preload, load);
  if (router.state.resolvedLocation) return;
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patience))]);
}

const tickets = createRoute({
  getParentRoute: () => inside,
  path: '/tickets',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps, preload }) => {
    meanwhile(preload, () => pages.list().then((page) => page.load(deps)));
  },
  component: lazyRouteComponent(pages.list, 'ListPage'),
});

const create = createRoute({
  getParentRoute: () => inside,
  path: '/tickets/new',
  validateSearch: (search: Record<string, unknown>): { type?: Kind } => ({
    type: isKind(search.type) ? search.type : undefined,
  }),
  component: lazyRouteComponent(pages.create, 'CreatePage'),
});

const ticket = createRoute({
  getParentRoute: () => inside,
  path: '/tickets/$number',
  loader: ({ params, preload }) => before(preload, () => pages.ticket().then((page) => page.load(params.number))),
  component: lazyRouteComponent(pages.ticket, 'TicketPage'),
});

// The pages of staff: others are told that there is no such page.
const staffOnly = () => {
  if (!queries.getQueryData(selfQuery.queryKey)?.staff) throw notFound();
};

const queue = createRoute({
  getParentRoute: () => inside,
  path: '/queue',
  validateSearch: readQueueSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps, preload }) => before(preload, () => pages.queue().then((page) => page.load(deps))),
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.queue, 'QueuePage'),
});

const onCall = createRoute({
  getParentRoute: () => inside,
  path: '/on-call',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages['on-call'], 'OnCallPage'),
});

const engineerPage = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/pages/$page',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.engineer, 'EngineerPagePage'),
});

const applications = createRoute({
  getParentRoute: () => inside,
  path: '/applications',
  component: lazyRouteComponent(pages.applications, 'ApplicationsPage'),
});

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  // It has to be named when it is nothing, or the router keeps what the address says.
  validateSearch: (search: Record<string, unknown>): { saved?: boolean } => ({
    saved: search.saved === true || undefined,
  }),
  component: lazyRouteComponent(pages.settings, 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    login,
    inside.addChildren([home, tickets, create, ticket, queue, onCall, engineerPage, applications, settings]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: BrokenPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
