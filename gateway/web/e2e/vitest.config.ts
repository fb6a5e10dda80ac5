import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['setup.ts'],
    testTimeout: 600_000, // on a busy machine the walk takes minutes
    hookTimeout: 180_000,
    retry: 1, // a browser stands still now and then; the log says which tests were tried again
    maxWorkers: 2, // each with a browser and a demo; more only wait for the cores
    isolate: false, // a process for each file would only load the same again
  },
});
