import { staffText } from '../../lib/text.staff.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import type { StaffChange } from './staff-change.ts';

/** Two people changed the same field at once: whose value is it to be? */
export function ConflictBar({ change }: { change: StaffChange }) {
  const { conflict } = change;
  if (!conflict) return null;
  const say = staffText.conflict;
  return (
    <Banner tone="warning" title={say.title} alert>
      {conflict.lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <div className="actions">
        <Button busy={change.busy} onClick={change.keepMine}>
          {say.keepMine}
        </Button>
        <Button onClick={change.takeTheirs}>{say.takeTheirs}</Button>
      </div>
    </Banner>
  );
}
