import { api } from '../../api/client.ts';
import { ApiError } from '../../api/problem.ts';

/** The addresses that get no mail for now. */
export const suppressionsKey = ['suppressions'];

/** Has an address get mail again. Nothing is left to do when somebody else has done it. */
export async function liftSuppression(suppression: string): Promise<void> {
  try {
    await api.DELETE('/v1/suppressions/{suppression}', { params: { path: { suppression } } });
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === 'SUPPRESSION_UNKNOWN')) throw error;
  }
}
