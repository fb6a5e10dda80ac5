import { type CSSProperties, useState } from 'react';
import type { Schedule } from '../../api/types.ts';
import { initials } from '../../lib/format.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { type Bar, edgesOf, hueOf, positionIn, type Segment, segmentsOf } from './calendar.ts';
import { sayClock, sayColumn, sayDay, sayNow, sayReason, saySpan, sayThere, sayWho } from './calendar-words.ts';
import { type Range, useDrag } from './drag.ts';

export interface CalendarProps {
  schedule: Schedule;
  weeks: string[][];
  bars: Bar[];
  people: string[];
  today: string;
  now: number;
  onOpen: (bar: Bar) => void;
}

type Props = CalendarProps & {
  /** Called with what was dragged over, where the viewer may do something about it. */
  onDrag: ((range: Range) => void) | undefined;
};

interface Row {
  week: string[];
  edges: number[];
  segments: (Segment & { key: string })[];
}

/**
 * Weeks, one below the other: each a list of who is on call, as bars below its days. Tab leads to one of the bars, the arrow
 * keys to the others.
 */
export function CalendarWeeks(props: Props) {
  const rows = props.weeks.map((week): Row => {
    const keyed = (segment: Segment) => ({ ...segment, key: `${week[0]} ${segment.from} ${segment.lane}` });
    return { week, edges: edgesOf(week), segments: segmentsOf(props.bars, week).map(keyed) };
  });
  const drag = useDrag(
    rows.map(({ edges }) => edges),
    props.onDrag,
  );
  const [last, setLast] = useState('');
  const all = rows.flatMap(({ segments }) => segments);
  const current = all.find(({ bar }) => bar.start <= props.now && bar.end > props.now) ?? all[0];
  const stop = all.some(({ key }) => key === last) ? last : current?.key;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the bars in it
    <div
      className="calendar-weeks"
      ref={drag.area}
      {...drag.handlers}
      onKeyDown={(event) => {
        const bars = [...event.currentTarget.querySelectorAll<HTMLElement>('.bar')];
        const to = step(event.key, bars.indexOf(event.target as HTMLElement), bars.length);
        if (to === undefined) return;
        event.preventDefault();
        bars[to]?.focus();
      }}
    >
      {rows.map((row) => (
        <Week key={row.week[0]} {...props} {...row} dragged={drag.range} stop={stop} onStop={setLast} />
      ))}
    </div>
  );
}

/** Which bar a key leads to. */
function step(key: string, at: number, bars: number): number | undefined {
  if (at < 0) return undefined;
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, bars - 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0);
  if (key === 'Home') return 0;
  return key === 'End' ? bars - 1 : undefined;
}

type WeekProps = Props & Row & { dragged: Range | undefined; stop: string | undefined; onStop: (key: string) => void };

function Week({ week, edges, segments, dragged, stop, onStop, ...props }: WeekProps) {
  const { weeks, today, now } = props;
  const lanes = Math.max(1, ...segments.map(({ lane }) => lane + 1));
  const [first = 0, last = 0] = [edges[0], edges.at(-1)];
  return (
    <section
      className="week"
      aria-label={say.week(sayDay(week[0] ?? ''))}
      style={{ '--lanes': lanes } as CSSProperties}
    >
      <div className="days" aria-hidden="true">
        {week.map((date) => (
          <span key={date} className="day" data-today={date === today || undefined}>
            {sayColumn(date, date.endsWith('-01') || date === weeks[0]?.[0])}
          </span>
        ))}
      </div>
      <ol className="bars">
        {segments.map((segment) => (
          <li key={segment.key} className="bar-place" style={place(segment)}>
            <BarButton
              {...props}
              segment={segment}
              tabIndex={segment.key === stop ? 0 : -1}
              onFocus={() => onStop(segment.key)}
            />
          </li>
        ))}
      </ol>
      {dragged && dragged.start < last && dragged.end > first && (
        <div
          className="ghost"
          style={between(
            positionIn(edges, Math.max(dragged.start, first)),
            positionIn(edges, Math.min(dragged.end, last)),
          )}
        />
      )}
      {now >= first && now < last && (
        <div className="now" style={{ insetInlineStart: percent(positionIn(edges, now)) }} title={sayNow(now)} />
      )}
    </section>
  );
}

const percent = (days: number) => `${(days / 7) * 100}%`;
const between = (from: number, to: number) => ({ insetInlineStart: percent(from), inlineSize: percent(to - from) });
const place = ({ from, to, lane }: Segment) => ({ ...between(from, to), '--lane': lane }) as CSSProperties;

type BarProps = CalendarProps & { segment: Segment; tabIndex: number; onFocus: () => void };

function BarButton({ segment, schedule, people, now, tabIndex, onFocus, onOpen }: BarProps) {
  const { bar, begun, goesOn } = segment;
  const reason = sayReason(bar, schedule);
  const who = sayWho(bar);
  const there = sayThere(bar, schedule.timeZone);
  return (
    <button
      type="button"
      className={`bar ${lookOf(bar, people, now)}`}
      data-begun={begun || undefined}
      data-goes-on={goesOn || undefined}
      tabIndex={tabIndex}
      onFocus={onFocus}
      title={[who, reason, saySpan(bar), there].filter(Boolean).join('\n')}
      onClick={() => onOpen(bar)}
    >
      <span className="initials" aria-hidden="true">
        {bar.duty ? initials(who) : '–'}
      </span>
      <span className="who">{who}</span>
      <span className="more">
        {!begun && <span aria-hidden="true">{reason ? `${sayClock(bar.start)} ·` : sayClock(bar.start)}</span>}
        {reason && <span className="reason"> {reason}</span>}
      </span>
      <span className="hidden">, {saySpan(bar)}</span>
    </button>
  );
}

/** Whose it is by colour, beside the name, and what it is by the border. */
export function lookOf({ duty, deliberate, end }: Bar, people: string[], now: number): string {
  if (!duty) return deliberate || end <= now ? 'is-meant' : 'is-gap';
  return `hue-${hueOf(people, duty.person.id)}${duty.override ? ' is-override' : ''}`;
}
