import type { TestProject } from 'vitest/node';
import { type Suite, startSuite } from './suite.ts';

export type Demo = Pick<Suite, 'url' | 'logins'>;

declare module 'vitest' {
  interface ProvidedContext {
    demos: Demo[];
  }
}

/** One demo for all files of a worker: filling it takes longer than a test. */
export default async function setup(project: TestProject) {
  const workers = Number(project.config.maxWorkers);
  const suites = await Promise.all(Array.from({ length: workers }, startSuite));
  project.provide(
    'demos',
    suites.map(({ url, logins }) => ({ url, logins })),
  );
  return () => Promise.all(suites.map((suite) => suite.stop()));
}
