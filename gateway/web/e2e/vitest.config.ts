import os from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './longest-first.ts';
import { atMost, include } from './passed.ts';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include,
    sequence: { sequencer: LongestFirst },
    globalSetup: ['setup.ts'],
    setupFiles: ['quiet.ts'],
    testTimeout: 600_000, // on a busy machine the walk takes minutes
    hookTimeout: 180_000,
    retry: 1, // a browser stands still now and then; which tests were tried again, and why, is in the log, to be mended
    reporters: ['default', './again.ts', './passed.ts'],
    expect: { poll: { timeout: 60_000 } }, // as long as a page is waited for; by itself it is a second
    // Each with a browser and a demo. One more than there are cores, as pages wait for a quarter of the time, for what
    // happens a moment later; and not as many as a large machine could have, each of which takes long to begin.
    maxWorkers: Math.min(os.availableParallelism() + 1, 4, atMost),
    isolate: false, // a process for each file would only load the same again
  },
});
