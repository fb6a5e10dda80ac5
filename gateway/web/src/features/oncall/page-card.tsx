import { Link } from '@tanstack/react-router';
import { sentenceOf } from '../../api/problem.ts';
import type { EngineerPage } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import { Time } from '../../ui/time.tsx';
import { isAcknowledged, isWaiting, usePageDeed } from './pages.ts';

const say = staffText.pages;

/** A page that waits for somebody, with the one button that matters at night. */
export function PageCard({ page }: { page: EngineerPage }) {
  return (
    <article className="page-card" aria-label={page.title}>
      <h3>
        <Link to="/on-call/pages/$page" params={{ page: page.id }}>
          {page.title}
        </Link>
      </h3>
      <PageFacts page={page} />
      <Acknowledge page={page} />
    </article>
  );
}

/** How far it has come, and what comes next. */
export function PageFacts({ page }: { page: EngineerPage }) {
  const { state, createTime, nextStepTime, snoozeEndTime, acknowledgedBy, acknowledgeTime, step, loop, cycle } = page;
  return (
    <p className="page-facts">
      {page.drill && <span className="badge">{say.drill}</span>}
      <span className={`badge page-state-${state}`}>{say.pageStates[state] ?? state}</span>
      <span>
        {say.since} <Time at={createTime} look="clock" />
      </span>
      {acknowledgedBy && acknowledgeTime && (
        <span>
          {say.acknowledgedBy(acknowledgedBy.name || acknowledgedBy.email)} <Time at={acknowledgeTime} look="clock" />
        </span>
      )}
      {snoozeEndTime && isAcknowledged(page) && (
        <span>
          {say.snoozed} <Time at={snoozeEndTime} look="clock" />
        </span>
      )}
      {isWaiting(page) && step > 0 && <span>{say.position(step, loop, cycle)}</span>}
      {isWaiting(page) && nextStepTime && (
        <span>
          {say.nextStep} <Time at={nextStepTime} look="clock" />
        </span>
      )}
    </p>
  );
}

export function Acknowledge({ page }: { page: EngineerPage }) {
  const deed = usePageDeed(page);
  if (!isWaiting(page)) return null;
  return (
    <div className="acknowledge">
      <Fleeting
        look="danger"
        icon="check"
        className="big"
        data-command="acknowledge"
        busy={deed.isPending}
        aria-label={say.acknowledgeTitle(page.title)}
        onClick={() => deed.mutate('acknowledge')}
      >
        {say.acknowledge}
      </Fleeting>
      {deed.error && (
        <p className="error" role="alert">
          {sentenceOf(deed.error)}
        </p>
      )}
    </div>
  );
}
