import { timeZone } from '../../lib/locale.ts';

/**
 * The zone whose days a filter means, where it has days. Anything else it is not sent with: nobody should be without a list as
 * the browser knows a zone that the server does not.
 */
export function daysOf(filter: string): { timeZone?: string } {
  return /\d{4}-\d\d-\d\d/.test(filter) ? { timeZone: timeZone() } : {};
}
