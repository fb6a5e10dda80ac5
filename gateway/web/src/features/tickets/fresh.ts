import { type InfiniteData, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { withTicket } from './actions.ts';
import { type Ask, type Gathering, gathering } from './gathering.ts';
import { type Fetch, judge } from './judge.ts';
import { useLive } from './live.ts';
import type { TicketPage } from './queries.ts';
import { type Standing, standingOf, type Verdicts } from './standing.ts';

type Pages = InfiniteData<TicketPage, string>;

interface Listed {
  queryKey: QueryKey;
  filter: string;
  order: string;
  fetch: Fetch;
  pages: TicketPage[] | undefined;
  more: boolean;
  /** Whether a ticket that was hidden goes at once: to customers there is no such ticket any more. */
  vanish: boolean;
}

export interface Fresh extends Standing {
  show: () => void;
}

const nothing: Verdicts = new Map();
const noPages: TicketPage[] = [];

/**
 * Keeps the rows that are shown up to date, and finds out which do not belong into the list any more, and what else does,
 * by asking the server with the same filter for what has changed. Nothing moves under the reader's finger: that comes in,
 * and goes, when asked for.
 */
export function useFresh({ queryKey, filter, order, fetch, pages = noPages, more, vanish }: Listed): Fresh {
  const client = useQueryClient();
  const [verdicts, setVerdicts] = useState(nothing);
  const change = (edit: (page: TicketPage) => TicketPage) =>
    client.setQueryData<Pages>(queryKey, (old) => old && { ...old, pages: old.pages.map(edit) });
  const tickets = useMemo(() => pages.flatMap((page) => page.tickets), [pages]);

  const key = queryKey.join(' ');
  const note = useAsking(key, async (changed, any) => {
    const shown = tickets.map(({ number }) => number);
    const found = await judge({ changed, any, shown, filter }, fetch);
    return () => {
      setVerdicts((old) => new Map([...old, ...found]));
      const now = (t: Ticket) => found.get(t.number) ?? t;
      change((page) => ({
        ...page,
        tickets: page.tickets.map((t) => (Number(now(t).sequence) > Number(t.sequence) ? { ...t, ...now(t) } : t)),
      }));
    };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was found out belongs to the filter that it was asked for
  useEffect(() => setVerdicts(nothing), [key]);

  useLive({
    onTicket(ticket) {
      if (tickets.some((t) => t.number === ticket.number)) change((page) => withTicket(page, ticket));
      note(ticket.number);
    },
    onChangedHere: note,
    onResync: note,
    onRemoved(number) {
      if (!vanish) return note(number);
      change((page) => ({ ...page, tickets: page.tickets.filter((t) => t.number !== number) }));
      setVerdicts((old) => new Map([...old].filter(([other]) => other !== number)));
    },
  });

  const last = pages.at(-1)?.end;
  const standing = useMemo(
    () => standingOf(verdicts, tickets, more && last ? { ticket: last, order } : undefined),
    [verdicts, tickets, more, last, order],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the filter
  const show = useCallback(() => {
    const { fresh, gone } = standing;
    setVerdicts(nothing);
    const stays = ({ number }: Ticket) => !gone.has(number);
    // Nothing left is no empty list yet: there may be more of it.
    const some = pages.slice(0, fresh > 0 ? 1 : undefined).some((page) => page.tickets.some(stays));
    if (some) change((page) => ({ ...page, tickets: page.tickets.filter(stays) }));
    if (some && fresh === 0) return;
    // Only the first page: the others would be asked for one by one.
    client.setQueryData<Pages>(
      queryKey,
      (old) => old && { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) },
    );
    client.invalidateQueries({ queryKey });
    window.scrollTo({ top: 0 });
  }, [client, key, standing, pages]);
  return { ...standing, show };
}

/**
 * Gathers what has changed, and asks for it: by its number, or without one when anything may have. One question is asked
 * at a time, so that the newest answer counts; what was asked for with another filter counts for nothing.
 */
function useAsking(key: string, ask: Ask): (number?: string) => void {
  const current = useRef(ask);
  current.current = ask;
  const asking = useRef<Gathering>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter begins anew
  useEffect(() => {
    asking.current = gathering((changed, any) => current.current(changed, any));
    return () => asking.current?.stop();
  }, [key]);
  return useCallback((number) => asking.current?.note(number), []);
}
