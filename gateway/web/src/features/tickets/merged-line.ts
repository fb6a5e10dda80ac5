import type { TicketEvent } from '../../api/types.ts';
import { mergedText as say } from '../../lib/text.merged.ts';
import type { Line } from './timeline.ts';

/** What the history says of a merge, with the other ticket where its reader may see that. */
export function mergedLine(event: TicketEvent, who: string): Line {
  const other = Number(event.otherTicket) > 0 ? event.otherTicket : '';
  const into = event.kind === 'KIND_MERGED_INTO';
  if (!other) return { sentence: into ? say.intoOther(who) : say.fromOther(who), icon: 'dot' };
  return { sentence: into ? say.into(who, other) : say.from(who, other), icon: 'dot', other };
}
