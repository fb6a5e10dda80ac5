import { ticketText } from '../../lib/text.ticket.ts';
import { usePaused } from './live.ts';

/** Says when what is shown may be a little old. */
export function Paused() {
  const paused = usePaused();
  return <div role="status">{paused && <p className="restored">{ticketText.list.paused}</p>}</div>;
}
