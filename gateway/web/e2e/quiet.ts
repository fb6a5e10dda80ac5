import { afterEach } from 'vitest';
import { endTest } from './browser.ts';

afterEach(({ task }) => endTest(task.result?.state === 'fail'));
