import { ticketText } from '../../lib/text.ticket.ts';
import { Fleeting } from '../../ui/fleeting.tsx';
import type { Fresh } from './fresh.ts';

/** Says what has changed in a list, and lets it come in. */
export function FreshBar({ fresh, gone, show }: Fresh) {
  return (
    <span role="status">
      {fresh + gone.size > 0 && (
        <Fleeting look="quiet" onClick={show}>
          {ticketText.list.news(fresh, gone.size)}
        </Fleeting>
      )}
    </span>
  );
}
