import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['setup.ts'],
    setupFiles: ['quiet.ts'],
    testTimeout: 600_000, // on a busy machine the walk takes minutes
    hookTimeout: 180_000,
    retry: 1, // a browser stands still now and then; the log says which tests were tried again, and why
    reporters: ['default', './again.ts'],
    expect: { poll: { timeout: 60_000 } }, // as long as a page is waited for; by itself it is a second
    maxWorkers: 2, // each with a browser and a demo; more only wait for the cores
    isolate: false, // a process for each file would only load the same again
  },
});
