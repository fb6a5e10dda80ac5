import { useRouter } from '@tanstack/react-router';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { covered } from '../../ui/clear-of.ts';
import { singleKeys } from '../commands/single-keys.ts';
import { QueueRow, type Way } from './queue-row.tsx';

interface Props {
  tickets: Ticket[];
  /** Those that do not belong into the list any more: they cannot be marked. */
  gone: ReadonlySet<string>;
  more: boolean;
  loading: boolean;
  onMore: () => void;
  selected: ReadonlySet<string>;
  onSelect: (selected: Set<string>) => void;
  /** The ticket that is shown beside. */
  open: string;
  /** Takes the focus, as it had it before. */
  focusOn: string | undefined;
  way: Way;
}

const rowHeight = 62;
/** About where the list begins, before it is measured. */
const usualTop = 300;
/** Rows beyond the window's edges. */
const overscan = 6;
/** Rows before the end at which the next page is asked for. */
const ahead = 30;

/**
 * The rows of the queue; only those near the window are in the document. One row is the active one: it alone is a stop of
 * the Tab key, the arrows move it and Enter opens it; j and k move it and x marks it, unless letters are no commands.
 */
export function QueueList(props: Props) {
  const { tickets, gone, more, loading, onMore, selected, onSelect, open, focusOn, way } = props;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(usualTop);
  // What is above the list comes and goes; the virtualizer needs to know where the list begins, for which rows to draw. Those
  // that are drawn stay where they are, so it may hear of it when they have been painted.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the list is
  useEffect(() => {
    const above = list.current?.getBoundingClientRect().top ?? 0;
    setTop(Math.round(above + window.scrollY));
  }, [tickets, selected.size > 0, open !== '']);

  const isFirst = useRouter().state.resolvedLocation === undefined; // of what this browser shows
  const { index: at, activate } = useActive(tickets, open);
  const [cover, setCover] = useState(0); // what bars hide at the top of the window, as the focus moves
  const rows = useWindowVirtualizer({
    count: tickets.length,
    estimateSize: () => rowHeight,
    initialRect: { width: window.innerWidth, height: window.innerHeight }, // else the rows are drawn after all else
    overscan: useDeferredValue(overscan, isFirst ? 0 : overscan), // what is not seen is drawn after what is
    scrollMargin: top,
    scrollPaddingStart: cover,
    getItemKey: (index) => tickets[index]?.number ?? index,
    // The row that has the focus must not go, wherever the list is scrolled to.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return at < 0 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b);
    },
  });
  const items = rows.getVirtualItems();
  const last = Math.max(0, ...items.filter(({ index }) => index !== at).map(({ index }) => index));
  useEffect(() => {
    if (more && !loading && last >= tickets.length - ahead) onMore();
  }, [last, more, loading, onMore, tickets.length]);

  const focus = useRef(''); // the ticket whose row is to have the focus as soon as it is there
  useEffect(() => {
    if (!focusOn) return;
    activate(focusOn);
    focus.current = focusOn;
  }, [focusOn, activate]);
  useEffect(() => {
    if (!focus.current) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-number="${focus.current}"] a`);
    if (!row) return;
    focus.current = '';
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  });

  const move = (to: number) => {
    const index = Math.max(0, Math.min(tickets.length - 1, to));
    const ticket = tickets[index];
    if (!ticket) return;
    activate(ticket.number);
    focus.current = ticket.number;
    setCover(covered());
    rows.scrollToIndex(index, { align: 'auto' });
  };
  const anchor = useRef(-1); // where a range of marks begins
  const mark = (number: string | undefined, range: boolean) => {
    const next = new Set(selected);
    const index = tickets.findIndex((one) => one.number === number);
    const ticket = tickets[index];
    if (!ticket || (gone.has(ticket.number) && !range)) return;
    if (range && anchor.current >= 0) {
      const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)];
      for (const { number } of tickets.slice(from, to + 1)) if (!gone.has(number)) next.add(number);
    } else if (!next.delete(ticket.number)) next.add(ticket.number);
    anchor.current = index;
    onSelect(next);
  };
  const marking = useRef(mark);
  useLayoutEffect(() => {
    marking.current = mark;
  });
  const onMark = useCallback((number: string, range: boolean) => marking.current(number, range), []);

  const letters = useSyncExternalStore(singleKeys.subscribe, singleKeys.on);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (!letters && event.key.length === 1)) return;
    const steps: Record<string, number> = {
      j: at + 1,
      ArrowDown: at + 1,
      k: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: tickets.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key.toLowerCase() === 'x') mark(tickets[at]?.number, event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation(); // keys of the page mean something else
  };

  return (
    <>
      <p className="hidden" id="queue-keys">
        {letters ? staffText.queue.keys : staffText.queue.arrows}
      </p>
      <ul
        ref={list}
        className="ticket-list queue-rows"
        aria-label={ticketText.list.label}
        aria-describedby="queue-keys"
        style={{ height: rows.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
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
              onFocus={() => {
                focus.current = '';
                activate(ticket.number);
              }}
            >
              <QueueRow
                ticket={ticket}
                gone={gone.has(ticket.number)}
                way={way}
                stop={item.index === (at < 0 ? items[0]?.index : at)}
                open={ticket.number === open}
                marked={selected.has(ticket.number)}
                onMark={onMark}
              />
            </li>
          ) : null;
        })}
      </ul>
      {loading && <p className="muted list-more">{ticketText.list.more}</p>}
    </>
  );
}

/** The active row, by its ticket: rows come in above it. */
function useActive(tickets: Ticket[], initial: string) {
  const [number, activate] = useState(initial);
  return { index: tickets.findIndex((ticket) => ticket.number === number), activate };
}
