import type { Ticket } from '../../api/types.ts';
import { type Part, withoutPart } from '../../lib/query.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Icon } from '../../ui/icon.tsx';
import { focusControl } from '../commands/controls.ts';
import { meaningOfKey } from './query-suggest.ts';
import { readQuery } from './read-query.ts';

interface Props {
  query: string;
  staff: boolean;
  /** What the query has found, which knows the names of applications and environments. */
  tickets: Pick<Ticket, 'scope'>[];
  onChange: (q: string) => void;
}

/** The parts of the query, each of which can be taken out. The text stays what counts: tabs and scopes are not here. */
export function QueryChips({ query, staff, tickets, onChange }: Props) {
  const parts = readQuery(query, staff)?.parts ?? [];
  if (parts.length === 0) return null;
  const say = ticketText.list;
  const change = (q: string) => {
    focusControl('search'); // the button that has the focus goes away
    onChange(q);
  };
  return (
    <ul className="chips" aria-label={say.parts}>
      {parts.map((part) => (
        <li key={part.offset} className={`chip ${part.wrong ? 'wrong' : ''}`}>
          <span>
            {part.negated && <em>{say.part.not} </em>}
            {labelOf(part) && <span className="muted">{labelOf(part)}: </span>}
            {nameOf(part, tickets) || part.value || part.text}
            {part.wrong && <span className="hidden"> ({say.part.wrong})</span>}
          </span>
          <button
            type="button"
            aria-label={say.part.remove(part.text)}
            onClick={() => change(withoutPart(query, part))}
          >
            <Icon name="close" size={14} />
          </button>
        </li>
      ))}
      {parts.length > 1 && (
        <li>
          <button type="button" className="link" onClick={() => change('')}>
            {say.part.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

function labelOf({ key, value }: Part): string {
  if (key) return meaningOfKey(key) || key;
  return value?.startsWith('#') ? ticketText.list.part.number : '';
}

/** The name of an application or environment that the query has by its id. */
function nameOf({ key, value }: Part, tickets: Props['tickets']): string | undefined {
  const id = value?.toLowerCase();
  const targets = tickets.flatMap(({ scope }) => scope.targets);
  if (key === 'app') return targets.find(({ application }) => application.toLowerCase() === id)?.applicationName;
  if (key === 'env') return targets.find(({ environment }) => environment?.toLowerCase() === id)?.environmentName;
  return undefined;
}
