import { timeZone } from '../../lib/locale.ts';
import { parseQuery, type Query, QueryError } from '../../lib/query.ts';

/** What a query says; undefined if it is too long, which the list says. */
export function readQuery(q: string, staff: boolean): Query | undefined {
  try {
    return parseQuery(q, { now: new Date(), zone: timeZone(), staff });
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

/** The orders that a query may name, as the server's parameter says them. */
const orders: Record<string, string> = {
  'updated-desc': 'update_time desc',
  'updated-asc': 'update_time',
  'created-desc': 'create_time desc',
  'created-asc': 'create_time',
  'priority-desc': 'priority desc',
  due: 'next_due_time',
};

/** The order that a query names; it goes before the one that is asked for beside it. */
export function orderNamed(q: string, staff: boolean): string | undefined {
  return orders[readQuery(q, staff)?.sort ?? ''];
}
