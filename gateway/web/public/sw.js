// Answers a navigation that fails, or that something before the dashboard answers with an error, with a page that has
// the emergency address. Nothing of the dashboard itself is kept: after a release no old page can come from here.
const kept = 'altis-away';
const page = '/away.html';
const files = [page, '/away.css', '/away.js', '/theme.js', '/favicon.svg'];

// Once for each start of the worker: that page may have changed with a release, too.
let fresh;

async function keep() {
  const cache = await caches.open(kept);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'no-cache' })));
}

function keepOnce() {
  fresh ??= keep().catch(() => {
    fresh = undefined; // what was kept before stays
  });
  return fresh;
}

self.addEventListener('install', (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (origin !== self.location.origin || event.request.method !== 'GET') return;
  if (event.request.mode === 'navigate' && !pathname.startsWith('/v1/')) event.respondWith(navigate(event));
  else if (files.includes(pathname)) event.respondWith(file(event.request, pathname));
});

async function navigate(event) {
  const response = await fetch(event.request).catch(() => undefined);
  if (response && response.status < 500) {
    event.waitUntil(keepOnce());
    return response;
  }
  const away = await fromCache(page);
  if (away.type === 'error') return response ?? away;
  return new Response(away.body, { status: 503, headers: away.headers });
}

/** A part of that page: it needs them when what is before the dashboard answers for it, too. */
async function file(request, pathname) {
  const response = await fetch(request).catch(() => undefined);
  if (response?.ok) return response;
  const old = await fromCache(pathname);
  return old.type === 'error' ? (response ?? old) : old;
}

async function fromCache(path) {
  return (await caches.match(path, { cacheName: kept })) ?? Response.error();
}
