import type { Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Banner } from '../../ui/banner.tsx';

const say = staffText.caveats;

/** What the reporter of a bug has not tried, so that nobody takes it for granted. */
export function Caveats({ ticket }: { ticket: Ticket }) {
  const missing = caveatsOf(ticket);
  if (missing.length === 0) return null;
  return (
    <Banner tone="info" icon="bug" title={say.title}>
      <ul className="caveats">
        {missing.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Banner>
  );
}

export function caveatsOf({ problem }: Pick<Ticket, 'problem'>): string[] {
  if (problem?.kind !== 'KIND_BUG') return [];
  const lines: string[] = [];
  const tried = (answer: string | undefined, notTried: string, unsaid: string) => {
    if (answer === 'REPRODUCED_NOT_TRIED') lines.push(notTried);
    else if (!answer || answer === 'REPRODUCED_UNSPECIFIED') lines.push(unsaid);
  };
  tried(problem.reproducedOnFreshInstallation, say.fresh, say.freshUnsaid);
  tried(problem.reproducedLocally, say.locally, say.locallyUnsaid);
  if (!problem.checkedForUpdates) lines.push(say.updates);
  if (!problem.readWholeTrace) lines.push(say.trace);
  return lines;
}
