import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Where `make run` serves the API.
const api = process.env.ALTIS_API ?? 'http://localhost:8080';

/** Of libraries, what every page needs; the rest comes with the pages that need it. */
const shared = /node_modules\/(react|react-dom|scheduler|use-sync-external-store|openapi-fetch|@tanstack\/[^/]+)\//;
/** Texts are made with it: in the shell, which waits for texts, they would wait for each other. */
const base = /\/src\/lib\/(lazy|locale|plural)\.ts$|vite\/preload-helper|rolldown\/runtime/;
const rare =
  /@tanstack\/[^/]*virtual|infiniteQueryObserver|[mM]utation|useInfiniteQuery|[qQ]ueriesObserver|useQueries|useParams|useSearch/;
const vendor = (id: string) => (shared.test(id) && !rare.test(id)) || base.test(id);

/** The same of our own: what surrounds every page, and pages use as well. */
const shell =
  /\/src\/(main|app|pages|router|queries|features\/shell\/(shell|account|error-pages)|api\/(client|problem)|lib\/(format|storage|text|text\.en)|ui\/(banner|button|empty|icon|notices|page|text-field)|features\/(mail\/search|queue\/search|session\/session|site\/(emergency|site)|tickets\/(kinds|list-search)))\.tsx?$/;

// Of ours, what pages have in common. A request costs more than a few kilobytes that another page needs: a server without
// HTTP/2 is asked for six files at a time.

/** Of all pages with tickets, and with what is written in most of them. */
const tickets =
  /\/src\/(api\/pages|lib\/(draft|span|tab-drafts|text\.(applications|attachments|ticket)(\.en)?|at-most|tick)|ui\/(checkbox|choice|loading|markdown-field|markdown-text|time|failure|combo|fleeting|keep-focus|select-field)|features\/(applications\/applications|attachments\/(files|lazy|upload)|commands\/(controls|single-keys)|queue\/memory|tickets\/(actions|badges|count|email|live|live-ticket|on-call-notice|paused|queries|read-on|stale|stream|words)))\.tsx?$|@tanstack\/[^/]*query.*(infiniteQuery|InfiniteQuery|[mM]utation)|idb-keyval/;
/** Of lists with a query. */
const lists =
  /@tanstack\/[^/]*virtual|\/src\/(lib\/(nearest|query)|features\/tickets\/(fresh|fresh-bar|query-suggest|query-box|query-issues))\.tsx?$/;
/** Of a new ticket and what changes one. */
const forms =
  /\/src\/(lib\/text\.create(\.en)?|ui\/tag-field|features\/tickets\/(create-form|create-parts|first-error))\.tsx?$/;
/** Of one ticket. */
const ticket =
  /\/src\/(ui\/has-focus|features\/tickets\/(ccs|composer|details|left-over|page-state|raise|read|timeline|timeline-view|type-details))\.tsx?$/;
/** Of a page of the engineers, which is on the ticket as well, and its history. */
const paging =
  /\/src\/(lib\/text\.pages(\.en)?|features\/oncall\/(delivery-answer|page-again|page-history|page-log|pages))\.tsx?$|\/src\/styles\/on-call\.css/;
/** Of the pages about who is on call. */
const onCall =
  /\/src\/(lib\/text\.(hours|schedules)(\.en)?|features\/oncall\/(calendar|calendar-words|durations|escalation|hours|move|page-card|schedules|shifts|zoned-time|zones))\.tsx?$|\/src\/styles\/(calendar|escalation|contacts)\.css/;
/** Of the pages of staff. */
const staff =
  /\/src\/(lib\/(text\.staff(\.en)?|text\.actions(\.en)?)|ui\/(picker|select)|features\/(mail\/suppressions|queue\/(filter|saved-views)|staff\/staff|tickets\/(conflict-bar|due|hidden|staff-change|staff-hidden)))\.tsx?$|\/src\/styles\/(staff|menu|actions)\.css/;

/** Of the pages of mail. */
const mail = /\/src\/(lib\/text\.mail(\.en)?|features\/mail\/inbound)\.tsx?$/;

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
        // The shell has the names of all others.
        chunkFileNames: 'assets/[name]-[hash:7].js',
        assetFileNames: 'assets/[name]-[hash:7][extname]',
        // Browsers that know it compile the files while they come, beside the page, rather than function by function in it.
        postBanner: '//# allFunctionsCalledOnLoad',
        codeSplitting: {
          groups: [
            { name: 'vendor', test: vendor },
            { name: 'shell', test: shell },
            { name: 'tickets', test: tickets },
            { name: 'lists', test: lists },
            { name: 'forms', test: forms },
            { name: 'ticket', test: ticket },
            { name: 'staff', test: staff },
            { name: 'paging', test: paging },
            { name: 'on-call', test: onCall },
            { name: 'mail', test: mail },
            { name: 'controls', test: /react-aria|react-stately|@internationalized/ },
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
