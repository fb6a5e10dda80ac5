import type { FilterIssue } from '../../api/types.ts';
import { ticketText } from '../../lib/text.ticket.ts';
import { Banner } from '../../ui/banner.tsx';
import { filterOf, type ListSearch } from './list-search.ts';

interface Props {
  search: ListSearch;
  issues: FilterIssue[];
  onChange: (q: string) => void;
}

/** What the server did not understand of the query, and what may have been meant. */
export function QueryIssues({ search, issues, onChange }: Props) {
  if (issues.length === 0) return null;
  const { prefix } = filterOf(search);
  // The server counts code points, not the units of a JavaScript string.
  const points = Array.from(search.q);
  return (
    <Banner tone="warning">
      {ticketText.list.issueLead}
      <ul className="issues">
        {issues.map(({ offset, length, reason, suggestions }) => {
          const start = offset - prefix;
          const part = points.slice(start, start + length).join('');
          const replace = (word: string) =>
            [...points.slice(0, start), word, ...points.slice(start + length)].join('').trim();
          return (
            <li key={offset}>
              <mark>{part}</mark> {reasons[reason] ?? ticketText.list.issue.other}.
              {suggestions.length > 0 && (
                <span>
                  {' '}
                  {ticketText.list.didYouMean}{' '}
                  {suggestions.map((word) => (
                    <button key={word} type="button" className="link" onClick={() => onChange(replace(word))}>
                      {word}
                    </button>
                  ))}
                  ?
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </Banner>
  );
}

const reasons: Record<string, string> = ticketText.list.issue;
