import { inject } from 'vitest';
import type { Demo } from './setup.ts';

const worker = Number(process.env.VITEST_POOL_ID);

/** The demo of this worker: files that run side by side do not meet. */
export const { url, logins, mail, sessions } = inject('demos')[worker - 1] as Demo;
