import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { OnCallShift } from '../../api/types.ts';
import { timeZone } from '../../lib/format.ts';
import { staffText } from '../../lib/text.staff.ts';
import { text } from '../../lib/text.ts';
import { queries } from '../../queries.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { useSelf } from '../session/session.ts';
import { staffQuery, useZoneOf } from '../staff/staff.ts';
import { PageCard } from './page-card.tsx';
import { allPagesQuery, isWaiting, openPagesQuery, useAllPages } from './pages.ts';
import { newSchedule, useMay } from './schedules.ts';
import { type ComingShift, comingQuery, likelyToCome, onCallQuery, schedulesQuery } from './shifts.ts';
import { ZonedTime } from './zoned-time.tsx';
import { cityOf } from './zones.ts';
import '../../styles/staff.css';
import '../../styles/on-call.css';

const say = staffText.onCall;

/** All but the shifts to come, which take a request each: rows are kept free for them. */
export const load = () =>
  Promise.all([
    queries.prefetchQuery(onCallQuery),
    queries.prefetchQuery(openPagesQuery),
    queries.prefetchQuery(staffQuery),
    queries.prefetchQuery(schedulesQuery),
    queries.prefetchInfiniteQuery(allPagesQuery),
  ]);

/** Who is on call now and next, and what they were called for. What waits for somebody stands first. */
export function OnCallPage() {
  return (
    <Page
      title={say.title}
      lead={<p className="muted">{say.zone(cityOf(timeZone()))}</p>}
      beside={
        <div className="actions">
          <Link to="/on-call/escalation" className="button secondary">
            {say.escalation}
          </Link>
          <Link to="/on-call/drills" className="button secondary">
            {say.drills}
          </Link>
          <Link to="/on-call/contacts" className="button secondary">
            {say.contacts}
          </Link>
        </div>
      }
    >
      <OpenPages />
      <Now />
      <Coming />
      <Schedules />
      <PastPages />
    </Page>
  );
}

function OpenPages() {
  const { data: pages, error, refetch } = useQuery(openPagesQuery);
  return (
    <section className="open-pages" aria-labelledby="open-pages">
      <h2 id="open-pages">{say.open}</h2>
      {pages?.map((page) => (
        <PageCard key={page.id} page={page} />
      ))}
      {pages?.length === 0 && (
        <Banner tone="success" icon="check">
          {say.quiet}
        </Banner>
      )}
      {!pages &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={1} />)}
    </section>
  );
}

function Now() {
  const { data: onCall, error, refetch } = useQuery(onCallQuery);
  return (
    <section aria-labelledby="on-call-now">
      <h2 id="on-call-now">{say.now}</h2>
      {onCall ? (
        <>
          <ul className="shifts">
            {onCall.shifts.map((shift) => (
              <Shift key={shift.schedule} shift={shift} />
            ))}
          </ul>
          <p className="muted small">
            {onCall.fallback.length > 0
              ? say.fallback(onCall.fallback.map(({ name, email }) => name || email).join(', '))
              : say.noFallback}
          </p>
        </>
      ) : error ? (
        <Failure title={say.failed} error={error} onRetry={() => refetch()} />
      ) : (
        <Loading rows={2} />
      )}
    </section>
  );
}

function Shift({ shift }: { shift: OnCallShift }) {
  const self = useSelf();
  const zoneOf = useZoneOf();
  const { person, next, endTime, override, scheduleName } = shift;
  return (
    <li className="shift" data-mine={person?.id === self.id || undefined} data-gap={!person || undefined}>
      <span className="muted">{scheduleName}</span>
      <strong>
        {person?.name || person?.email || say.nobody}
        {person?.id === self.id && <span className="badge you"> {text.common.you}</span>}
        {override && <span className="badge"> {say.override}</span>}
      </strong>
      {endTime && (
        <span>
          {say.until} <ZonedTime at={endTime} zone={zoneOf(person?.id)} />
        </span>
      )}
      {next && <span className="muted">{say.follows(next.name || next.email)}</span>}
    </li>
  );
}

function Coming() {
  const { data: coming, error, refetch } = useQuery(comingQuery);
  const { data: onCall } = useQuery(onCallQuery);
  const likely = likelyToCome(onCall?.shifts);
  if (coming ? coming.length === 0 : !error && likely === 0) return null;
  return (
    <section className="next-shifts" aria-labelledby="on-call-next">
      <h2 id="on-call-next">{say.next}</h2>
      {coming ? (
        <ul className="coming">
          {coming.map((shift) => (
            <NextShift key={`${shift.schedule} ${shift.start}`} shift={shift} />
          ))}
        </ul>
      ) : error ? (
        <Failure title={say.failed} error={error} onRetry={() => refetch()} />
      ) : (
        <Loading rows={likely} />
      )}
    </section>
  );
}

function NextShift({ shift }: { shift: ComingShift }) {
  const self = useSelf();
  const zoneOf = useZoneOf();
  const { scheduleName, person, start } = shift;
  return (
    <li data-mine={person?.id === self.id || undefined}>
      <span>
        <ZonedTime at={start} zone={zoneOf(person?.id)} />
      </span>
      <span className="muted">{scheduleName}</span>
      {person ? (
        <strong>
          {person.name || person.email}
          {person.id === self.id && <span className="badge you"> {text.common.you}</span>}
        </strong>
      ) : (
        <strong className="gap">{say.nobody}</strong>
      )}
    </li>
  );
}

/** The calendars, by the name of their schedule. */
function Schedules() {
  const { data: schedules, error, refetch } = useQuery(schedulesQuery);
  const { supervise } = useMay();
  if (schedules?.length === 0 && !supervise) return null;
  return (
    <section aria-labelledby="schedules">
      <h2 id="schedules">{say.schedules}</h2>
      {schedules ? (
        <ul className="schedules">
          {schedules.map(({ id, name, timeZone: zone }) => (
            <li key={id}>
              <Link to="/on-call/schedules/$schedule" params={{ schedule: id }}>
                {name}
              </Link>
              <span className="muted">{cityOf(zone)}</span>
            </li>
          ))}
        </ul>
      ) : error ? (
        <Failure title={say.failed} error={error} onRetry={() => refetch()} />
      ) : (
        <Loading rows={1} />
      )}
      {schedules && supervise && (
        <div className="actions">
          <Link to="/on-call/schedules/$schedule" params={{ schedule: newSchedule }} className="button secondary">
            <Icon name="plus" size={18} />
            {say.makeSchedule}
          </Link>
        </div>
      )}
    </section>
  );
}

function PastPages() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useAllPages();
  const past = data?.pages.flatMap(({ pages }) => pages).filter((page) => !isWaiting(page));
  return (
    <section aria-labelledby="past-pages">
      <h2 id="past-pages">{say.past}</h2>
      {!past && (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={3} />)}
      {past?.length === 0 && <p className="muted">{say.noPast}</p>}
      {past && past.length > 0 && (
        <ul className="past-pages">
          {past.map(({ id, title, drill, state, createTime, acknowledgedBy, acknowledgeTime }) => (
            <li key={id}>
              <span>
                <Link to="/on-call/pages/$page" params={{ page: id }}>
                  {title}
                </Link>
                {drill && <span className="badge"> {staffText.pages.drill}</span>}
              </span>
              <span className="muted">
                <Time at={createTime} look="clock" /> ·{' '}
                {acknowledgedBy && acknowledgeTime
                  ? say.answered(
                      acknowledgedBy.name || acknowledgedBy.email,
                      minutesBetween(createTime, acknowledgeTime),
                    )
                  : (staffText.pages.pageStates[state] ?? state)}
              </span>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {say.more}
        </Button>
      )}
    </section>
  );
}

/** How long it took, in whole minutes. */
export function minutesBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));
}
