import type { ReactNode } from 'react';
import type { Reproduced, Ticket } from '../../api/types.ts';
import { formatDateTime } from '../../lib/format.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Time } from '../../ui/time.tsx';
import { redacted } from './redact.ts';

const say = ticketText.ticket;

/** The part that only this type of ticket has. What was left empty is left out. */
export function TypeDetails({ ticket }: { ticket: Ticket }) {
  const facts = factsOf(ticket).filter(([, value]) => value);
  if (facts.length === 0) return null;
  return (
    <dl className="type-details">
      {facts.map(([name, value]) => (
        <div key={name} className="fact tall">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ incident, problem, task }: Ticket): [string, ReactNode][] {
  if (incident) {
    return [
      [say.since, incident.sinceTime && <Time at={incident.sinceTime} look="clock" />],
      [say.impact, incident.impact],
      [say.callback, incident.callbackNumber && <Call number={incident.callbackNumber} />],
    ];
  }
  if (problem) {
    return [
      [say.expected, problem.expected],
      [say.actual, problem.actual],
      [say.steps, problem.steps],
      [say.reduced, problem.reducedTestCase && <Code>{problem.reducedTestCase}</Code>],
      [say.environments, problem.environments],
      [say.fresh, reproduced(problem.reproducedOnFreshInstallation)],
      [say.locally, reproduced(problem.reproducedLocally)],
      [say.checkedUpdates, problem.checkedForUpdates && say.yes],
      [say.readTrace, problem.readWholeTrace && say.yes],
      [say.traces, problem.traces && <Code>{problem.traces}</Code>],
    ];
  }
  if (task) {
    const kinds: Record<string, string> = {
      KIND_NEW_ENVIRONMENT: say.tasks.newEnvironment,
      KIND_PHP_UPGRADE: say.tasks.php,
      KIND_OTHER: say.tasks.other,
    };
    const range = [task.earliestTime, task.latestTime].map((t) => (t ? formatDateTime(t) : '…'));
    return [
      [say.kind, kinds[task.kind ?? '']],
      [say.requirements, task.requirements],
      [say.window, (task.earliestTime || task.latestTime) && range.join(' – ')],
    ];
  }
  return [];
}

function reproduced(answer: Reproduced | undefined): string | undefined {
  const answers: Partial<Record<Reproduced, string>> = {
    REPRODUCED_YES: say.yes,
    REPRODUCED_NO: say.no,
    REPRODUCED_NOT_TRIED: say.notTried,
  };
  return answer && answers[answer];
}

/** A number to call, unless it was redacted. */
function Call({ number }: { number: string }) {
  if (number === redacted) return number;
  return <a href={`tel:${number.replace(/[^0-9+]/g, '')}`}>{number}</a>;
}

function Code({ children }: { children: string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard can do only in what it can reach
  return <pre tabIndex={0}>{children}</pre>;
}
