import { ApiError } from '../../api/problem.ts';

/** Whether a change was refused because the ticket is another than was seen. */
export function isStale(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'ETAG_MISMATCH';
}
