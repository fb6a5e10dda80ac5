import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['setup.ts'],
    testTimeout: 300_000,
    hookTimeout: 180_000,
    fileParallelism: false, // one browser at a time is enough for two cores
  },
});
