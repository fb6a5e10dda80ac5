import type { TestProject } from 'vitest/node';
import { logInAll, type Sessions } from './sessions.ts';
import { type Suite, startSuite } from './suite.ts';

export type Demo = Pick<Suite, 'url' | 'logins'> & { sessions: Sessions };

declare module 'vitest' {
  interface ProvidedContext {
    demos: Demo[];
  }
}

/** One demo for all files of a worker, in which everybody has logged in: both take longer than a test. */
export default async function setup(project: TestProject) {
  const workers = Number(project.config.maxWorkers);
  const suites = await Promise.all(Array.from({ length: workers }, startSuite));
  const stop = () => Promise.all(suites.map((suite) => suite.stop()));
  try {
    const demos = suites.map(async ({ url, logins }) => ({ url, logins, sessions: await logInAll(url, logins) }));
    project.provide('demos', await Promise.all(demos));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
