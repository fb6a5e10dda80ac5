import type { Ticket, TicketEvent } from '../../api/types.ts';
import { mergedText } from '../../lib/text.merged.ts';
import { statusOf } from './kinds.ts';
import type { Written } from './left-over.ts';
import { mergedInto } from './merged-into.ts';
import { mergedLine } from './merged-line.ts';
import { nameOf } from './timeline.ts';

/** Where a reply goes that is written to a ticket: 0 into it, -1 into a follow-up, and onto a ticket of another number. */
export function whereTo(ticket: Ticket): number {
  if (statusOf(ticket) !== 'closed') return 0;
  return Number(mergedInto(ticket)) || -1;
}

/** What is written, with where it goes: that is settled when it is begun, and by whoever writes when it changes. */
export function settled(now: Written, before: Written, to: number): Written {
  const begun = (written: Written) => written.body !== '' || written.files.length > 0;
  if (!begun(now)) return { ...now, goes: 0 };
  return { ...now, goes: begun(before) ? before.goes : to };
}

/** What has ended the ticket, in a sentence. */
export function endOf(events: TicketEvent[]): string {
  const event = events.findLast(
    ({ kind, changes }) =>
      kind === 'KIND_MERGED_INTO' || changes.some(({ field, newValue }) => field === 'status' && newValue === 'closed'),
  );
  if (!event) return '';
  const who = nameOf(event);
  return event.kind === 'KIND_MERGED_INTO' ? mergedLine(event, who).sentence : mergedText.closed(who);
}

/** What somebody takes along to another ticket. `taken` is called once it is there: before, it stays where it was. */
interface Parcel {
  written: Written;
  taken(): void;
}

export type MessageKind = 'reply' | 'note';

const parcels = new Map<string, Parcel>();

const addressOf = (number: string, kind: MessageKind) => `${kind} ${number}`;

/** Leaves what was written for the same field of another ticket, which is opened next. */
export function carry(number: string, kind: MessageKind, parcel: Parcel): void {
  parcels.set(addressOf(number, kind), parcel);
}

/** Whether something was taken along to a field of a ticket. */
export function awaits(number: string, kind: MessageKind): boolean {
  return parcels.has(addressOf(number, kind));
}

/** What was taken along. */
export function collect(number: string, kind: MessageKind): Parcel | undefined {
  const parcel = parcels.get(addressOf(number, kind));
  parcels.delete(addressOf(number, kind));
  return parcel;
}
