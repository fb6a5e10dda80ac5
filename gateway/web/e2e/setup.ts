import fs from 'node:fs';
import type { TestProject } from 'vitest/node';
import { logInAll, type Sessions } from './sessions.ts';
import { fillDemo, type Suite, startSuite } from './suite.ts';

export type Demo = Pick<Suite, 'url' | 'logins' | 'mail'> & { sessions: Sessions };

declare module 'vitest' {
  interface ProvidedContext {
    demos: Demo[];
    /** The directory of a demo that nobody has used. */
    filled: string;
  }
}

/** One demo for all files of a worker, in which everybody has logged in: both take longer than a test. */
export default async function setup(project: TestProject) {
  const workers = Number(project.config.maxWorkers);
  const filled = await fillDemo();
  const suites: Suite[] = [];
  const stop = async () => {
    await Promise.all(suites.map((suite) => suite.stop()));
    fs.rmSync(filled, { recursive: true, force: true });
  };
  try {
    const started = await Promise.allSettled(Array.from({ length: workers }, () => startSuite(filled)));
    for (const one of started) if (one.status === 'fulfilled') suites.push(one.value);
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    const demos = suites.map(async ({ url, logins, mail }) => ({
      url,
      logins,
      mail,
      sessions: await logInAll(url, logins),
    }));
    project.provide('demos', await Promise.all(demos));
    project.provide('filled', filled);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
