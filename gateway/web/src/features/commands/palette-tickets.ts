import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Ticket } from '../../api/types.ts';
import { useLate } from '../../lib/use-late.ts';
import { matches, subjectQuery } from './palette-words.ts';

const shown = 6;
const recent = 50;

const ticketsQuery = (filter: string, pageSize: number) =>
  queryOptions({
    queryKey: ['palette', filter],
    queryFn: async ({ signal }) => {
      const query = { filter, pageSize };
      return data(await api.GET('/v1/tickets', { params: { query }, signal })).tickets as Ticket[];
    },
  });

/**
 * The tickets that changed last, by parts of words, and any others that have the words as a whole in their subject, which
 * is what the server looks for.
 */
export function useTickets(typed: string): Ticket[] {
  const { data: latest = [] } = useQuery(ticketsQuery('', recent));
  const filter = subjectQuery(useLate(typed));
  const { data: found = [] } = useQuery({ ...ticketsQuery(filter, shown), enabled: filter !== '' });
  const near = latest.filter((ticket) => matches(`#${ticket.number} ${ticket.subject}`, typed));
  const others = filter === '' ? [] : found.filter((ticket) => !near.some(({ number }) => number === ticket.number));
  return [...near, ...others].slice(0, shown);
}
