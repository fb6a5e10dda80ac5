import type { Reporter, TestCase } from 'vitest/node';

/** Says why a test was tried again; others only say that it was. */
export default class Again implements Reporter {
  onTestCaseResult(test: TestCase): void {
    if (!test.diagnostic()?.retryCount) return;
    for (const error of test.result().errors ?? [])
      console.log(`tried again: ${test.module.relativeModuleId} > ${test.fullName}\n${error.stack || error.message}\n`);
  }
}
