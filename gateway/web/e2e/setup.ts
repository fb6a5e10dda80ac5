import type { TestProject } from 'vitest/node';
import { type Logins, startSuite } from './suite.ts';

declare module 'vitest' {
  interface ProvidedContext {
    url: string;
    logins: Logins;
  }
}

/** One demo for all files: filling it takes longer than a test. */
export default async function setup(project: TestProject) {
  const suite = await startSuite();
  project.provide('url', suite.url);
  project.provide('logins', suite.logins);
  return suite.stop;
}
