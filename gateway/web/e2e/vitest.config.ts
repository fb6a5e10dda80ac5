import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['setup.ts'],
    testTimeout: 600_000, // on a busy machine the walk takes minutes
    hookTimeout: 180_000,
    fileParallelism: false, // one browser at a time is enough for two cores
  },
});
