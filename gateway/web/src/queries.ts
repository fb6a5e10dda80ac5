import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api/problem.ts';

/** What the server said, kept for as long as it is of use. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Only what may be different the next time is tried again.
      retry: (failures, error) =>
        failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
    },
  },
});
