import { afterEach, beforeEach } from 'vitest';
import { endTest } from './browser.ts';
import { beginTickets, deleteTickets } from './desk.ts';

beforeEach(beginTickets);

afterEach(async ({ task }) => {
  const failed = task.result?.state === 'fail';
  if (failed) await deleteTickets(); // the next try would find two of each
  await endTest(failed);
});
