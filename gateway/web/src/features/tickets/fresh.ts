import { type InfiniteData, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { withTicket } from './actions.ts';
import { useLive } from './live.ts';
import type { TicketPage } from './queries.ts';

/** How long to gather changes before the server is asked which of them belong into the list. */
const gather = 600;

type Pages = InfiniteData<TicketPage, string>;

/**
 * Keeps the rows that are shown up to date. New ones do not push others away under the reader's finger: they are
 * counted, by asking the server with the same filter, and come in when asked for.
 */
export function useFresh(queryKey: QueryKey, fetchFirst: () => Promise<TicketPage>, tickets: Ticket[]) {
  const client = useQueryClient();
  const [first, setFirst] = useState<TicketPage>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0); // an answer that was asked for with another filter counts for nothing
  const change = (edit: (old: Pages) => Pages) =>
    client.setQueryData<Pages>(queryKey, (old) => (old ? edit(old) : undefined));

  const ask = () => {
    clearTimeout(timer.current);
    const turn = asked.current;
    timer.current = setTimeout(
      () =>
        fetchFirst().then(
          (page) => turn === asked.current && setFirst(page),
          () => undefined,
        ),
      gather,
    );
  };
  const key = queryKey.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was counted belongs to the filter that it was asked for
  useEffect(() => {
    setFirst(undefined);
    return () => {
      asked.current++;
      clearTimeout(timer.current);
    };
  }, [key]);

  useLive({
    onTicket(ticket) {
      if (!tickets.some((t) => t.number === ticket.number)) return ask();
      change((old) => ({ ...old, pages: old.pages.map((page) => withTicket(page, ticket)) }));
    },
    onResync: ask,
    onRemoved(number) {
      const without = (page: TicketPage) => ({ ...page, tickets: page.tickets.filter((t) => t.number !== number) });
      change((old) => ({ ...old, pages: old.pages.map(without) }));
      setFirst((page) => page && without(page));
    },
  });

  const shown = useMemo(() => new Set(tickets.map((t) => t.number)), [tickets]);
  const count = first?.tickets.filter((t) => !shown.has(t.number)).length ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the filter
  const show = useCallback(() => {
    setFirst(undefined);
    // Only the first page: the others would be asked for one by one.
    change((old) => ({ pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) }));
    client.invalidateQueries({ queryKey });
    window.scrollTo({ top: 0 });
  }, [client, key]);
  return { count, show };
}
