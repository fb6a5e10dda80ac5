import { QueryClientProvider } from '@tanstack/react-query';
import { type AnyRoute, RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './queries.ts';
import { router } from './router.tsx';

function draw() {
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** Reads the page's own files while it is asked who is here. */
function readAhead() {
  for (const { routeId } of router.matchRoutes(router.latestLocation)) {
    const route = (router.routesById as Partial<Record<string, AnyRoute>>)[routeId];
    if (route) router.loadRouteChunk(route)?.catch(() => undefined); // the router asks again, and says so
  }
}

/** Shows the page, which is drawn once: when it is known what it is, and the browser has read where to. */
export async function start(): Promise<void> {
  readAhead();
  await Promise.all([router.load(), documentRead()]);
  draw();
}

/** Scripts that the browser has kept may come before the end of the page. */
function documentRead(): Promise<unknown> | undefined {
  if (document.readyState !== 'loading') return undefined;
  return new Promise((read) => document.addEventListener('DOMContentLoaded', read, { once: true }));
}

// The built dashboard only: the server of `npm run dev` would be hidden behind it. After all that the page itself needs.
const work = () => import('./worker.ts').then(({ startWorker }) => startWorker());
if (import.meta.env.PROD) {
  if (document.readyState === 'complete') work();
  else addEventListener('load', work);
}
