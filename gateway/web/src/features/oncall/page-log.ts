import type { PageLogEntry, PageReason } from '../../api/types.ts';
import { formatAt, formatDateTime } from '../../lib/format.ts';
import { pagesText as say } from '../../lib/text.pages.ts';
import { sayAnswer } from './delivery-answer.ts';

/** What happened to a page, as a sentence. The server says it in English if it knows more than this release. */
export function sayEntry(entry: PageLogEntry): string {
  return entries[entry.kind]?.(entry) ?? entry.text;
}

/** Why a person is called; `english` as the server says it, if it knows more than this release. */
export function sayWhy(why: PageReason | undefined, english: string): string {
  return (why && whys[why.kind]?.(why.schedule)) ?? english;
}

type Sentences<Kind extends string, Value> = Partial<Record<Kind, (value: Value) => string>> &
  Record<Exclude<Kind, 'KIND_UNSPECIFIED'>, (value: Value) => string>;

const where = ({ step, loop }: PageLogEntry) => (step === 0 ? say.fallback : say.step(step, loop));
const channel = (entry: PageLogEntry) => say.channels[entry.channel] ?? entry.channel;
const next = (entry: PageLogEntry, what: string) => (entry.nextContact ? say.nextContact : say.noContact)(what);

const entries: Sentences<PageLogEntry['kind'], PageLogEntry> = {
  KIND_CALLED: (entry) => say.called(where(entry), entry.person, sayWhy(entry.why, '')),
  KIND_SKIPPED: (entry) => say.skipped(where(entry)),
  KIND_ACCEPTED: (entry) => say.accepted(entry.person, channel(entry), sayAnswer(entry.answer)),
  KIND_FAILED: (entry) => next(entry, say.failed(entry.person, channel(entry), sayAnswer(entry.answer))),
  // A duration is in seconds: "2.500s".
  KIND_UNSENT: (entry) => next(entry, say.unsent(Number.parseFloat(entry.after ?? '0'), entry.person, channel(entry))),
  KIND_EXHAUSTED: () => say.exhausted,
  KIND_UNHEARD: () => say.unheard,
  KIND_ESCALATED: (entry) => say.escalated(entry.person),
  KIND_ACKNOWLEDGED: (entry) => say.acknowledged(entry.person),
  KIND_REOPENED: (entry) => say.reopened(entry.person, formatAt(entry.acknowledgeTime ?? entry.createTime)),
  KIND_UNACKNOWLEDGED: (entry) => say.unacknowledged(entry.person, entry.reason),
  KIND_SNOOZED: (entry) => say.snoozed(entry.person, formatDateTime(entry.snoozeEndTime ?? entry.createTime)),
  KIND_SNOOZE_ENDED: (entry) => say.snoozeEnded(entry.person),
  KIND_PAGED_AGAIN: (entry) => say.pagedAgain(entry.title),
  KIND_SUPPRESSED: (entry) => say.suppressed(entry.event, entry.endedBy),
  KIND_SOLVED: (entry) => (entry.person ? say.solvedBy(entry.person) : say.solved),
  KIND_NOT_URGENT: (entry) => (entry.person ? say.notUrgentBy(entry.person) : say.notUrgent),
  KIND_URGENT_AGAIN: (entry) => say.urgentAgain(entry.event),
  KIND_PAGES_SENT: () => say.pagesSent,
  KIND_TAKEN_OVER: () => say.takenOver,
  KIND_ACCEPTED_TOGETHER: (entry) =>
    say.acceptedTogether(entry.person, channel(entry), entry.count, sayAnswer(entry.answer)),
  KIND_FOLDED: (entry) => say.folded(entry.count, formatAt(entry.holdEndTime ?? entry.createTime)),
  KIND_BEGUN_AGAIN: (entry) => say.begunAgain(entry.person, entry.reason),
  KIND_UNDELIVERED: (entry) => {
    const what = say.undelivered(entry.person, channel(entry), sayAnswer(entry.answer));
    return entry.nextContact ? say.nextContact(what) : what;
  },
  KIND_DRILL_BEGUN: (entry) => (entry.person ? say.drillBy(entry.person) : say.drill),
  KIND_DRILL_OVER: () => say.drillOver,
  KIND_MERGED_INTO: (entry) => say.mergedInto(entry.ticket, entry.person),
  KIND_MERGED_FROM: (entry) => say.mergedFrom(entry.ticket, entry.person),
};

const whys: Sentences<PageReason['kind'], string> = {
  KIND_SCHEDULE: say.whys.schedule,
  KIND_OVERRIDE: say.whys.override,
  KIND_NAMED: () => say.whys.named,
  KIND_FALLBACK: () => say.whys.fallback,
  KIND_SUPERVISOR: () => say.whys.supervisor,
};
