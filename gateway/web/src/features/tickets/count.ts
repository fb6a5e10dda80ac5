import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import { atMost } from '../../lib/at-most.ts';
import { lazy } from '../../lib/lazy.ts';
import { locale } from '../../lib/locale.ts';
import { daysOf } from './days.ts';

export interface Count {
  n: number;
  more: boolean; // than the server counts
}

export const countKey = ['counts'];

// A page may have dozens of counts; what else it asks for should not have to wait for all of them.
const turns = atMost(4);

/** How many tickets a filter has. */
export const countQuery = (filter: string) =>
  queryOptions({
    queryKey: [...countKey, filter],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      turns(async (): Promise<Count> => {
        const query = { filter, ...daysOf(filter) };
        const counted = data(await api.GET('/v1/tickets:count', { params: { query }, signal }));
        return { n: counted.count ?? 0, more: counted.more ?? false };
      }),
  });

const numbers = lazy(() => new Intl.NumberFormat(locale));

/** "1,000+" where there are more than the server counts. */
export function countText({ n, more }: Count): string {
  return numbers().format(n) + (more ? '+' : '');
}
