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
import { readMailSearch } from './features/mail/search.ts';
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
    // It has to be named when it is nothing, or the router keeps what the address says.
    const { next } = search;
    return { next: typeof next === 'string' ? next : undefined };
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

/** How long, in milliseconds, the first page may wait for what it shows. */
const patience = 300;

/**
 * Asks for what a page shows. The first one waits for it a moment, as the answer is mostly there by then, and to draw the page
 * empty and once more would take longer; others are drawn meanwhile. A mere look at a link asks for nothing.
 */
async function before(preload: boolean, load: () => Promise<unknown>): Promise<void> {
  if (preload) return;
  const loaded = load().catch(() => undefined); // what fails is asked for again by the page, which can say so
  if (router.state.resolvedLocation) return;
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, patience))]);
}

const tickets = createRoute({
  getParentRoute: () => inside,
  path: '/tickets',
  validateSearch: readListSearch,
  loaderDeps: ({ search }) => search,
  loader: ({ deps, preload }) => before(preload, () => pages.list().then((page) => page.load(deps))),
  component: lazyRouteComponent(pages.list, 'ListPage'),
});

/** What a new ticket is to be; `organization` is for staff, who have none. */
interface CreateSearch {
  type?: Kind;
  application?: string;
  organization?: string;
}

const create = createRoute({
  getParentRoute: () => inside,
  path: '/tickets/new',
  validateSearch: ({ type, application, organization }: Record<string, unknown>): CreateSearch => ({
    type: isKind(type) ? type : undefined,
    application: typeof application === 'string' ? application : undefined,
    organization: typeof organization === 'string' ? organization : undefined,
  }),
  loader: () => pages.create().then((page) => page.load()),
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
  loader: ({ preload }) => before(preload, () => pages['on-call']().then((page) => page.load())),
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages['on-call'], 'OnCallPage'),
});

const engineerPage = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/pages/$page',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.engineer, 'EngineerPagePage'),
});

const schedule = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/schedules/$schedule',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.schedule, 'SchedulePage'),
});

const escalation = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/escalation',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.escalation, 'EscalationPage'),
});

const drills = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/drills',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.drills, 'DrillsPage'),
});

const contacts = createRoute({
  getParentRoute: () => inside,
  path: '/on-call/contacts',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.contacts, 'ContactsPage'),
});

const mail = createRoute({
  getParentRoute: () => inside,
  path: '/mail/{-$tab}',
  validateSearch: readMailSearch,
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages.mail, 'MailPage'),
});

const inboundMail = createRoute({
  getParentRoute: () => inside,
  path: '/mail/inbound/$mail',
  beforeLoad: staffOnly,
  component: lazyRouteComponent(pages['inbound-mail'], 'InboundMailPage'),
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
    inside.addChildren([
      home,
      tickets,
      create,
      ticket,
      queue,
      onCall,
      engineerPage,
      schedule,
      escalation,
      drills,
      contacts,
      mail,
      inboundMail,
      applications,
      settings,
    ]),
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
