import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import type { Schedule } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { schedulesText as say } from '../../lib/text.schedules.ts';
import { staffText } from '../../lib/text.staff.ts';
import { useTick } from '../../lib/tick.ts';
import { Banner } from '../../ui/banner.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { busy } from '../commands/keys.ts';
import { singleKeys } from '../commands/single-keys.ts';
import {
  addDays,
  type Bar,
  barsOf,
  dateOf,
  margin,
  peopleOf,
  readCalendarSearch,
  startOf,
  turn,
  type View,
  views,
  weeksOf,
} from './calendar.ts';
import { CalendarDays } from './calendar-days.tsx';
import { CalendarWeeks } from './calendar-weeks.tsx';
import { sayMonth, sayRange } from './calendar-words.ts';
import type { OverrideDraft } from './override-dialog.tsx';
import { ScheduleLayers } from './schedule-layers.tsx';
import { ScheduleOverrides } from './schedule-overrides.tsx';
import { newSchedule, shiftsQuery, useMay, useSchedule } from './schedules.ts';
import { cityOf } from './zones.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';
import '../../styles/calendar.css';

const ShiftDialog = lazy(() => import('./shift-dialog.tsx').then((file) => ({ default: file.ShiftDialog })));
const OverrideDialog = lazy(() => import('./override-dialog.tsx').then((file) => ({ default: file.OverrideDialog })));
const TemporaryDialog = lazy(() =>
  import('./temporary-dialog.tsx').then((file) => ({ default: file.TemporaryDialog })),
);
const CalendarFeeds = lazy(() => import('./calendar-feeds.tsx').then((file) => ({ default: file.CalendarFeeds })));
const ScheduleFields = lazy(() => import('./schedule-form.tsx').then((file) => ({ default: file.ScheduleFields })));
const SwapDialog = lazy(() => import('./swap-dialog.tsx').then((file) => ({ default: file.SwapDialog })));

/** What lies over the page. */
export type Open = { shift: Bar } | { override: OverrideDraft } | { swap: Bar | undefined } | { temporary: true };

/** Who is on call when by one schedule, and who stands in for whom. */
export function SchedulePage() {
  const { schedule: id } = useParams({ from: '/inside/on-call/schedules/$schedule' });
  const { schedule, error, refetch } = useSchedule(id);
  const [open, setOpen] = useState<Open>();
  const above = (
    <Link to="/on-call" className="back">
      <Icon name="chevron" size={16} />
      {staffText.onCall.title}
    </Link>
  );
  if (schedule === null && id === newSchedule) return <MakeSchedule above={above} />;
  if (!schedule) {
    return (
      <Page title={schedule === null ? say.missing : say.one} above={above}>
        {schedule === undefined &&
          (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={4} />)}
      </Page>
    );
  }
  const close = () => setOpen(undefined);
  return (
    <Page
      title={schedule.name}
      above={above}
      lead={<p className="muted">{say.zones(cityOf(timeZone()), cityOf(schedule.timeZone))}</p>}
    >
      <Calendar schedule={schedule} onOpen={setOpen} />
      <ScheduleOverrides schedule={schedule} onOpen={setOpen} />
      <ScheduleLayers schedule={schedule} />
      <Suspense>
        <CalendarFeeds key={schedule.id} schedule={schedule.id} />
      </Suspense>
      <Suspense>
        {open && 'temporary' in open && <TemporaryDialog schedule={schedule} onClose={close} />}
        {open && 'shift' in open && (
          <ShiftDialog schedule={schedule} bar={open.shift} onOpen={setOpen} onClose={close} />
        )}
        {open && 'override' in open && <OverrideDialog schedule={schedule} draft={open.override} onClose={close} />}
        {open && 'swap' in open && <SwapDialog schedule={schedule} first={open.swap} onClose={close} />}
      </Suspense>
    </Page>
  );
}

/** The form of a schedule that is to be made, for those who may. */
function MakeSchedule({ above }: { above: ReactNode }) {
  const { known, supervise } = useMay();
  const navigate = useNavigate();
  return (
    <Page title={known && !supervise ? say.missing : say.make} above={above}>
      {!known && <Loading rows={4} />}
      {supervise && (
        <Suspense fallback={<Loading rows={4} />}>
          <ScheduleFields
            schedule={null}
            onClose={(made) =>
              made
                ? navigate({ to: '/on-call/schedules/$schedule', params: { schedule: made.id }, replace: true })
                : navigate({ to: '/on-call' })
            }
          />
        </Suspense>
      )}
    </Page>
  );
}

function Calendar({ schedule, onOpen }: { schedule: Schedule; onOpen: (open: Open) => void }) {
  useTick();
  const now = Date.now();
  const today = dateOf(new Date(now));
  const { view = 'fortnight', day = today } = readCalendarSearch(useSearch({ strict: false }));
  const weeks = weeksOf(view, day);
  const [first = '', last = ''] = [weeks[0]?.[0], weeks.at(-1)?.[6]];
  const [from, to] = [startOf(addDays(first, -margin)), startOf(addDays(last, 1 + margin))];
  const { data, error, refetch } = useQuery(shiftsQuery(schedule.id, from, to));
  const { standIn } = useMay();
  const narrow = useNarrow();
  const bars = barsOf(data ?? []).filter(({ start, end }) => end > startOf(first) && start < startOf(addDays(last, 1)));
  const gaps = bars.filter(({ duty, deliberate, end }) => !duty && !deliberate && end > now).length;
  const shown = {
    schedule,
    weeks,
    bars,
    people: peopleOf(schedule, bars),
    today,
    now,
    onOpen: (shift: Bar) => onOpen({ shift }),
  };
  return (
    <section className="calendar" aria-labelledby="calendar">
      <h2 id="calendar">
        {say.calendar} <span className="muted">{view === 'month' ? sayMonth(day) : sayRange(first, last)}</span>
      </h2>
      <Turn schedule={schedule.id} view={view} day={day} today={today} />
      {error && <Failure title={say.failed} error={error} onRetry={() => refetch()} />}
      {gaps > 0 && <Banner tone="warning">{say.gaps(gaps)}</Banner>}
      {narrow ? (
        <CalendarDays {...shown} />
      ) : (
        <CalendarWeeks
          {...shown}
          onDrag={standIn ? ({ start, end }) => onOpen({ override: { start, end } }) : undefined}
        />
      )}
      {!narrow && <p className="muted small">{say.keys}</p>}
    </section>
  );
}

interface TurnProps {
  schedule: string;
  view: View;
  day: string;
  today: string;
}

/** The links to other times, and to more or less of them. */
function Turn({ schedule, view, day, today }: TurnProps) {
  const navigate = useNavigate();
  const to = '/on-call/schedules/$schedule';
  const params = { schedule };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.defaultPrevented || !singleKeys.on() || busy(event.target)) return;
      event.preventDefault();
      navigate({ to, params: { schedule }, search: { view }, resetScroll: false });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [navigate, schedule, view]);
  const link = { to, params, resetScroll: false } as const;
  return (
    <nav className="turn" aria-label={say.calendar}>
      <div className="actions">
        <Link {...link} search={{ view, day: turn(view, day, -1) }} className="button secondary">
          {say.earlier}
        </Link>
        <Link {...link} search={{ view }} className="button secondary">
          {say.today}
        </Link>
        <Link {...link} search={{ view, day: turn(view, day, 1) }} className="button secondary">
          {say.later}
        </Link>
      </div>
      <div className="tabs">
        {views.map((one) => (
          <Link
            key={one}
            {...link}
            search={{ view: one, ...(day !== today && { day }) }}
            aria-current={one === view ? 'true' : undefined}
            activeProps={{ 'aria-current': one === view ? 'true' : undefined }}
          >
            {say.views[one]}
          </Link>
        ))}
      </div>
    </nav>
  );
}

const narrowWindow = window.matchMedia('(width < 48rem)');

function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrowWindow.addEventListener('change', listener);
      return () => narrowWindow.removeEventListener('change', listener);
    },
    () => narrowWindow.matches,
  );
}
