import { Link } from '@tanstack/react-router';
import type { Ticket } from '../../api/types.ts';
import { mergedText as say } from '../../lib/text.merged.ts';
import { Banner } from '../../ui/banner.tsx';
import { mergedInto } from './merged-into.ts';

/** Where a duplicate goes on. */
export function MergedBanner({ ticket }: { ticket: Ticket }) {
  const number = mergedInto(ticket);
  if (!number) return null;
  return (
    <Banner tone="info" icon="chevron" title={say.title(number)}>
      <p>{say.lead}</p>
      <Link to="/tickets/$number" params={{ number }} className="button secondary">
        {say.open(number)}
      </Link>
    </Banner>
  );
}
