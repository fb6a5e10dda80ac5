import { Link, useRouter } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useDeferredValue, useEffect, useRef, useState } from 'react';
import type { Ticket } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { PageBadge, PriorityBadge, StatusBadge } from './badges.tsx';
import { kindIcons, kindOf, statusOf } from './kinds.ts';
import { leaveList } from './left-list.ts';
import type { ListSearch } from './list-search.ts';
import { scopeText, turnOf } from './words.ts';

interface Props {
  tickets: Ticket[];
  /** What the list shows, as its address says it. */
  where: Partial<ListSearch>;
  /** Takes the focus, as it had it before. */
  focusOn: string | undefined;
  /** Those that do not belong into the list any more. */
  gone: ReadonlySet<string>;
  staff: boolean;
  more: boolean;
  loading: boolean;
  onMore: () => void;
}

const rowHeight = 68;
/** About where the list begins, before it is measured. */
const usualTop = 250;
/** Rows beyond the window's edges. */
const overscan = 6;
/** Rows before the end at which the next page is asked for. */
const ahead = 15;

/** Rows of tickets. Only those near the window are in the document. */
export function TicketList({ tickets, where, focusOn, gone, staff, more, loading, onMore }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(usualTop);
  // What is above the list changes, banners come and go; the virtualizer needs to know where the list begins, for which rows
  // to draw. Those that are drawn stay where they are, so it may hear of it when they have been painted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the list is
  useEffect(() => setTop(list.current?.offsetTop ?? 0), [tickets]);

  const isFirst = useRouter().state.resolvedLocation === undefined; // of what this browser shows
  const rows = useWindowVirtualizer({
    count: tickets.length,
    estimateSize: () => rowHeight,
    initialRect: { width: window.innerWidth, height: window.innerHeight }, // else the rows are drawn after all else
    overscan: useDeferredValue(overscan, isFirst ? 0 : overscan), // what is not seen is drawn after what is
    scrollMargin: top,
    getItemKey: (index) => tickets[index]?.number ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && !loading && last >= tickets.length - ahead) onMore();
  }, [last, more, loading, onMore, tickets.length]);

  const focus = useRef<string>(undefined); // the ticket whose row is to have the focus as soon as it is there
  const index = tickets.findIndex(({ number }) => number === focusOn);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is known
  useEffect(() => {
    focus.current = focusOn;
    if (index >= 0) rows.scrollToIndex(index, { align: 'auto' });
  }, [focusOn]);
  useEffect(() => {
    if (!focus.current) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-number="${focus.current}"] a`);
    if (!row) return;
    focus.current = undefined;
    row.focus({ preventScroll: true });
  });

  return (
    <>
      <ul ref={list} className="ticket-list" aria-label={ticketText.list.label} style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const ticket = tickets[item.index];
          return ticket ? (
            <li
              key={item.key}
              data-index={item.index}
              data-number={ticket.number}
              ref={rows.measureElement}
              aria-setsize={more ? -1 : tickets.length}
              aria-posinset={item.index + 1}
              style={{ transform: `translateY(${item.start - top}px)` }}
            >
              <Row ticket={ticket} where={where} gone={gone.has(ticket.number)} staff={staff} />
            </li>
          ) : null;
        })}
      </ul>
      {loading && <p className="muted list-more">{ticketText.list.more}</p>}
    </>
  );
}

interface RowProps extends Pick<Props, 'where' | 'staff'> {
  ticket: Ticket;
  gone: boolean;
}

/** Drawn anew when its ticket changes, and not whenever the list moves. */
const Row = memo(({ ticket, where, gone, staff }: RowProps) => {
  const kind = kindOf(ticket.type);
  const turn = turnOf(ticket, staff);
  const status = statusOf(ticket);
  const requester = ticket.requester?.name || ticket.requester?.email;
  return (
    <Link
      to="/tickets/$number"
      params={{ number: ticket.number }}
      onClick={() => leaveList({ to: '/tickets', search: where }, ticket.number)}
      className="row"
      data-row
      data-unread={ticket.unread || undefined}
      data-gone={gone || undefined}
      preload={false}
    >
      <span className={`kind ${kind}`} title={ticketText.ticket.types[kind]}>
        <Icon name={kindIcons[kind]} size={20} />
      </span>
      <span className="what">
        <span className="subject">
          {ticket.unread && <span className="unread">{ticketText.list.unread}</span>}
          {ticket.subject}
        </span>
        <span className="meta">
          <span>#{ticket.number}</span>
          <span>{ticketText.ticket.types[kind]}</span>
          <span>{scopeText(ticket)}</span>
          <span>{staff ? `${requester}, ${ticket.organizationName}` : requester}</span>
        </span>
      </span>
      <span className="state">
        <PriorityBadge ticket={ticket} />
        <PageBadge ticket={ticket} />
        <StatusBadge ticket={ticket} />
      </span>
      <span className="when">
        {gone ? ticketText.list.gone : <Time at={ticket.updateTime} />}
        {turn && !gone && status !== 'new' && <span className={`turn ${ticket.waitingOn}`}>{turn}</span>}
      </span>
    </Link>
  );
});
