import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Drill } from '../../api/types.ts';
import { formatDateTime } from '../../lib/format.ts';
import { drillsText } from '../../lib/text.drills.ts';
import { Button } from '../../ui/button.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Loading } from '../../ui/loading.tsx';
import { drillsQuery, secondsBetween } from './drills.ts';
import { sayDuration } from './durations.ts';
import { secondsOf } from './escalation.ts';

const say = drillsText.list;

const tones: Record<string, string> = {
  STATE_PASSED: 'kept',
  STATE_NOT_ACCEPTED: 'late',
  STATE_NOT_ACKNOWLEDGED: 'late',
};

/** The drills so far: whether they were passed, and how long it took. */
export function DrillList() {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(drillsQuery);
  const drills = data?.pages.flatMap((page) => page.drills);
  return (
    <section className="drills" aria-labelledby="drills">
      <h2 id="drills">{say.title}</h2>
      {!drills &&
        (error ? <Failure title={say.failed} error={error} onRetry={() => refetch()} /> : <Loading rows={3} />)}
      {drills?.length === 0 && <p className="muted">{say.none}</p>}
      {drills && drills.length > 0 && (
        <ol className="contact-list drill-list" aria-labelledby="drills">
          {drills.map((drill) => (
            <Row key={drill.id} drill={drill} />
          ))}
        </ol>
      )}
      {hasNextPage && (
        <div className="actions">
          <Button busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
            {say.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function Row({ drill }: { drill: Drill }) {
  const { state, page, createTime, startedBy, alarmTime } = drill;
  const when = formatDateTime(createTime);
  return (
    <li>
      <p className="drill-head">
        <strong>
          <time dateTime={createTime}>{when}</time>
        </strong>
        <span className={`badge ${tones[state] ?? ''}`}>{say.states[state] ?? state}</span>
        <span className="muted">{startedBy ? say.by(startedBy.name || startedBy.email) : say.bySchedule}</span>
        <Link to="/on-call/pages/$page" params={{ page }} aria-label={say.pageOf(when)}>
          {say.page}
        </Link>
      </p>
      <ul className="muted">
        {sayTimes(drill).map((line) => (
          <li key={line}>{line}</li>
        ))}
        {alarmTime && (
          <li>
            {say.alarmed}: <time dateTime={alarmTime}>{formatDateTime(alarmTime)}</time>
          </li>
        )}
      </ul>
    </li>
  );
}

/** How long both took, beside what they may take. */
function sayTimes(drill: Drill): string[] {
  const { createTime, acceptTime, acknowledgeTime, acknowledgedBy, acceptWithin, acknowledgeWithin } = drill;
  const after = (time: string) => sayDuration(secondsBetween(createTime, time));
  const target = (within: string) => ` (${say.target(sayDuration(secondsOf(within)))})`;
  return [
    (acceptTime ? say.accepted(after(acceptTime)) : say.notAccepted) + target(acceptWithin),
    (acknowledgeTime
      ? say.acknowledged(acknowledgedBy?.name || acknowledgedBy?.email || '', after(acknowledgeTime))
      : say.notAcknowledged) + target(acknowledgeWithin),
  ];
}
