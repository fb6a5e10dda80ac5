import { timeZone } from '../../lib/locale.ts';

/**
 * The zone whose days a filter means, where it has days. Only there: nobody should be without any list as their browser knows
 * a zone that the server does not.
 */
export function daysOf(filter: string): { timeZone?: string } {
  return /\d{4}-\d\d-\d\d/.test(filter) ? { timeZone: timeZone() } : {};
}
