import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `make run` serves the API.
const api = process.env.ALTIS_API ?? 'http://localhost:8080';

/** Of libraries, what every page needs; the rest comes with the pages that need it. */
const shared = /node_modules\/(react|react-dom|scheduler|use-sync-external-store|openapi-fetch|@tanstack\/[^/]+)\//;
const rare =
  /@tanstack\/[^/]*virtual|infiniteQueryObserver|[mM]utation|useInfiniteQuery|[qQ]ueriesObserver|useQueries|useParams|useSearch/;
const vendor = (id: string) => shared.test(id) && !rare.test(id);

/** The same of our own: what surrounds every page, and pages use as well. */
const shell =
  /\/src\/(api\/(client|problem)|lib\/(format|locale|storage|text|text\.en)|ui\/(banner|button|empty|icon|notices|page)|features\/(queue\/search|session\/session|site\/(emergency|site)|tickets\/(kinds|list-search)))\.tsx?$/;

export default defineConfig({
  plugins: [react(), { ...locales.vite({ locales: ['en-US', 'de-DE'] }), enforce: 'pre' }],
  build: {
    target: 'baseline-widely-available',
    assetsInlineLimit: 0, // the policy of the page allows no data: scripts, and files are cached for good
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true, // for build/finish.mjs
    // Small files compress badly. What every page needs of others is a file of its own: it stays the same over releases.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'vendor', test: vendor },
            { name: 'shell', test: shell },
          ],
        },
      },
    },
  },
  server: { proxy: { '/v1': api, '/dev': api } },
  test: {
    environment: 'happy-dom',
    pool: 'vmThreads', // a document for each file without a process for each
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test/setup.ts'],
    testTimeout: 30_000,
  },
});
