import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { usePainted } from '../../lib/painted.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { queries } from '../../queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { Emergency } from '../site/emergency.tsx';
import { useFresh } from '../tickets/fresh.ts';
import { FreshBar } from '../tickets/fresh-bar.tsx';
import { leaveList, useFocusBack } from '../tickets/left-list.ts';
import { fullSearch } from '../tickets/list-search.ts';
import { Paused } from '../tickets/paused.tsx';
import { QueryBox } from '../tickets/query-box.tsx';
import { QueryIssues } from '../tickets/query-issues.tsx';
import { orderNamed } from '../tickets/read-query.ts';
import { stillMarked, without } from './bulk.ts';
import { BulkBar } from './bulk-bar.tsx';
import { choose } from './filter.ts';
import { Filters } from './filters.tsx';
import { useKnown } from './known.ts';
import { fetchQueue, queueQuery } from './queries.ts';
import { QueueList } from './queue-list.tsx';
import { orderOf, viewsQuery } from './saved-views.ts';
import { fullQueueSearch, type Order, orders, type QueueSearch } from './search.ts';
import { TicketPane } from './ticket-pane.tsx';
import { ViewActions, Views } from './views.tsx';
import '../../styles/staff.css';
import '../../styles/queue.css';

const say = staffText.queue;

export const load = (search: Partial<QueueSearch>) =>
  Promise.all([queries.prefetchInfiniteQuery(queueQuery(fullQueueSearch(search))), queries.prefetchQuery(viewsQuery)]);

export function QueuePage() {
  const said = useSearch({ from: '/inside/queue' });
  const search = fullQueueSearch(said);
  const where = useMemo(() => {
    const { ticket: _, ...rest } = said;
    return rest;
  }, [said]);
  const navigate = useNavigate();
  const go = (part: { q?: string; order?: Order }) => navigate({ to: '/queue', search: { ...where, ...part } });
  const query = (q: string) => go({ q });
  const close = () => navigate({ to: '/queue', search: where, resetScroll: false });

  const named = orderNamed(search.q, true);
  const list = useInfiniteQuery({ ...queueQuery(search), placeholderData: keepPreviousData });
  const tickets = useMemo(() => list.data?.pages.flatMap((page) => page.tickets) ?? [], [list.data]);
  const fresh = useFresh({
    queryKey: queueQuery(search).queryKey,
    filter: search.q,
    order: named ?? orders[search.order],
    fetch: (only) => fetchQueue(search, { only }),
    pages: list.data?.pages,
    more: list.hasNextPage,
    vanish: false,
  });

  const painted = usePainted();
  const wide = useWide();
  const way = useMemo(() => ({ beside: wide, where }), [wide, where]);
  const pane = wide ? search.ticket : '';
  const focusOn = useFocusBack({ to: '/queue', search: where });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks belong to what was listed
  useEffect(() => setSelected(new Set()), [search.q]);
  useEffect(() => setSelected((old) => without(old, fresh.gone)), [fresh.gone]);
  const marked = useMemo(() => tickets.filter(({ number }) => selected.has(number)), [tickets, selected]);
  const stuck = list.isFetchNextPageError; // rather than asking for more without end
  const failure = list.isError && (
    <>
      <Failure
        title={ticketText.list.failed}
        error={list.error}
        onRetry={() => (stuck ? list.fetchNextPage() : list.refetch())}
      />
      <Emergency />
    </>
  );

  return (
    <Page title={say.title} beside={<CreateLink />}>
      <Paused />
      <Views search={search} counted={painted && !list.isPending} />
      <div className="list-tools">
        <QueryBox value={search.q} onChange={query} useKnown={useKnown} />
        <ViewActions search={search} />
      </div>
      <Filters q={search.q} onChange={query} />
      <QueryIssues
        search={fullSearch({ tab: 'all', q: search.q })}
        issues={list.data?.pages[0]?.filterIssues ?? []}
        onChange={query}
      />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what was opened beside, from anywhere in it */}
      <div
        className="queue"
        data-split={pane ? true : undefined}
        onKeyDown={(event) => {
          // What is laid over the page is elsewhere in the document, and has its own Escape.
          const here = event.currentTarget.contains(event.target as Node);
          if (event.key === 'Escape' && pane && here && !event.defaultPrevented) close();
        }}
      >
        <div className="queue-list">
          <div className="list-count">
            <p role="status">{list.isPending ? '' : say.count(tickets.length, list.hasNextPage)}</p>
            <FreshBar {...fresh} />
            <Select
              label={say.order}
              value={named ? orderOf(named) : search.order}
              // What the query names would go before it.
              onChange={(order) => go({ order, ...(named && { q: choose(search.q, { key: 'sort' }, []) }) })}
              options={(Object.keys(orders) as Order[]).map((value) => ({ value, label: say.orders[value] }))}
            />
          </div>
          <BulkBar
            q={search.q}
            tickets={marked}
            onDone={(results) => setSelected((old) => stillMarked(old, results))}
            onClear={() => setSelected(new Set())}
          />
          {list.isPending ? (
            <Loading rows={10} />
          ) : failure && tickets.length === 0 ? (
            failure
          ) : tickets.length === 0 ? (
            <Empty icon="check" title={say.empty} lead={say.emptyLead} />
          ) : (
            <div aria-busy={list.isPlaceholderData || undefined} className={list.isPlaceholderData ? 'stale' : ''}>
              {!stuck && failure}
              <QueueList
                tickets={tickets}
                gone={fresh.gone}
                more={list.hasNextPage && !stuck}
                loading={list.isFetchingNextPage}
                onMore={list.fetchNextPage}
                selected={selected}
                onSelect={setSelected}
                open={pane}
                focusOn={focusOn}
                way={way}
              />
              {stuck && failure}
            </div>
          )}
        </div>
        {pane && (
          <TicketPane
            key={pane}
            number={pane}
            onClose={close}
            onLeave={() => leaveList({ to: '/queue', search: where }, pane)}
          />
        )}
      </div>
    </Page>
  );
}

function CreateLink() {
  return (
    <Link to="/tickets/new" className="button secondary">
      <Icon name="plus" size={18} />
      {say.create}
    </Link>
  );
}

/** Whether there is room for a ticket beside the list. */
function useWide(): boolean {
  return useSyncExternalStore(watchWidth, () => wideQuery.matches);
}

const wideQuery = window.matchMedia('(width >= 75rem)');

function watchWidth(changed: () => void) {
  wideQuery.addEventListener('change', changed);
  return () => wideQuery.removeEventListener('change', changed);
}
