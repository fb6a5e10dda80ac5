import fs from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** The files that scripts/web wants to be run, and where it looks for their passes. */
const wanted = new Map(
  (process.env.ALTIS_WALK ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ') as [file: string, record: string]),
);

/** All, when nobody says. */
export const include = wanted.size > 0 ? [...wanted.keys()] : ['*.test.ts'];

/** No more workers than files. */
export const atMost = wanted.size || Number.POSITIVE_INFINITY;

/** Notes which files have passed, unless something failed that may be of any of them. */
export default class Passed implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], ofNoTest: readonly unknown[]): void {
    if (ofNoTest.length > 0) return;
    for (const module of modules) {
      const record = wanted.get(module.relativeModuleId);
      if (record && module.state() === 'passed') fs.writeFileSync(record, 'passed\n');
    }
  }
}
