import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { ApiError } from '../../api/problem.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { queries } from '../../queries.ts';
import { Empty } from '../../ui/empty.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { useSelf } from '../session/session.ts';
import { EmergencyLine } from '../site/emergency.tsx';
import { useFresh } from './fresh.ts';
import { FreshBar } from './fresh-bar.tsx';
import { useFocusBack } from './left-list.ts';
import { filterOf, fullSearch, type ListSearch, scopes, tabs, takeTab } from './list-search.ts';
import { Paused } from './paused.tsx';
import { fetchPage, listQuery } from './queries.ts';
import { QueryBox } from './query-box.tsx';
import { QueryChips } from './query-chips.tsx';
import { QueryIssues } from './query-issues.tsx';
import { orderNamed } from './read-query.ts';
import { TicketList } from './ticket-list.tsx';

export const load = (search: Partial<ListSearch>) => queries.prefetchInfiniteQuery(listQuery(fullSearch(search)));

export function ListPage() {
  const self = useSelf();
  const where = useSearch({ from: '/inside/tickets' });
  const search = fullSearch(where);
  const navigate = useNavigate();
  const list = useInfiniteQuery({ ...listQuery(search), placeholderData: keepPreviousData });
  const tickets = useMemo(() => list.data?.pages.flatMap((page) => page.tickets) ?? [], [list.data]);
  const fresh = useFresh({
    queryKey: listQuery(search).queryKey,
    filter: filterOf(search).filter,
    order: orderNamed(search.q, self.staff) ?? 'update_time desc',
    fetch: (only) => fetchPage(search, { only }),
    pages: list.data?.pages,
    more: list.hasNextPage,
    vanish: !self.staff,
  });
  const focusOn = useFocusBack({ to: '/tickets', search: where });
  const query = (q: string) => navigate({ to: '/tickets', search: takeTab(search, q) });
  const stuck = list.isFetchNextPageError; // rather than asking for more without end
  const failure = list.isError && (
    <Failure
      title={ticketText.list.failed}
      error={explain(list.error)}
      onRetry={() => (stuck ? list.fetchNextPage() : list.refetch())}
    />
  );

  return (
    // The address of last resort stands first: a list that goes on as it is read has no end to put it at.
    <Page title={ticketText.list.title} lead={<Quiet />} beside={!self.staff && <CreateLink />}>
      <Paused />
      <Tabs search={search} />
      <div className="list-tools">
        <QueryBox value={search.q} onChange={query} />
        {!self.staff && <Scopes search={search} />}
      </div>
      <QueryChips query={search.q} staff={self.staff} tickets={tickets} onChange={query} />
      <QueryIssues search={search} issues={list.data?.pages[0]?.filterIssues ?? []} onChange={query} />
      {list.isPending ? (
        <Loading rows={8} />
      ) : failure && tickets.length === 0 ? (
        failure
      ) : tickets.length === 0 ? (
        <Nothing search={search} staff={self.staff} />
      ) : (
        <div aria-busy={list.isPlaceholderData || undefined} className={list.isPlaceholderData ? 'stale' : ''}>
          <div className="list-count">
            <p role="status">{ticketText.list.count(tickets.length, list.hasNextPage)}</p>
            <FreshBar {...fresh} />
          </div>
          {!stuck && failure}
          <TicketList
            tickets={tickets}
            where={where}
            focusOn={focusOn}
            gone={fresh.gone}
            staff={self.staff}
            more={list.hasNextPage && !stuck}
            loading={list.isFetchingNextPage}
            onMore={list.fetchNextPage}
          />
          {stuck && failure}
        </div>
      )}
    </Page>
  );
}

function Quiet() {
  return (
    <div className="muted">
      <EmergencyLine />
    </div>
  );
}

function CreateLink() {
  return (
    <Link to="/tickets/new" className="button primary create">
      <Icon name="plus" size={18} />
      {ticketText.list.create}
    </Link>
  );
}

function Tabs({ search }: { search: ListSearch }) {
  return (
    <nav className="tabs" aria-label={ticketText.list.tabsLabel}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          to="/tickets"
          search={{ ...search, tab }}
          aria-current={tab === search.tab ? 'page' : undefined}
          activeOptions={{ exact: true }}
        >
          {ticketText.list.tabs[tab]}
        </Link>
      ))}
    </nav>
  );
}

function Scopes({ search }: { search: ListSearch }) {
  return (
    <nav className="scopes" aria-label={ticketText.list.scope}>
      {scopes.map((scope) => (
        <Link
          key={scope}
          to="/tickets"
          search={{ ...search, scope }}
          aria-current={scope === search.scope ? 'true' : undefined}
          activeOptions={{ exact: true }}
        >
          {ticketText.list.scopes[scope]}
        </Link>
      ))}
    </nav>
  );
}

function Nothing({ search, staff }: { search: ListSearch; staff: boolean }) {
  if (search.q || search.scope !== 'all') {
    return (
      <Empty icon="search" title={ticketText.list.noMatch} lead={ticketText.list.noMatchLead}>
        <Link to="/tickets" search={{ tab: 'all' }} className="button secondary">
          {ticketText.list.clearAll}
        </Link>
      </Empty>
    );
  }
  return (
    <Empty icon="check" title={ticketText.list.empty[search.tab]} lead={ticketText.list.emptyLead[search.tab]}>
      {!staff && search.tab !== 'previous' && <CreateLink />}
    </Empty>
  );
}

function explain(error: unknown): unknown {
  const long = error instanceof ApiError && ['QUERY_TOO_LONG', 'QUERY_TOO_COMPLEX'].includes(error.reason);
  return long ? new ApiError(error.status, { detail: ticketText.list.tooLong }) : error;
}
