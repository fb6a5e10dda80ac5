import type { DeliveryAnswer } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';

const say = staffText.answers;

/**
 * What came of an attempt to deliver: in the provider's own words, or a sentence. The server says it in English if it
 * knows more than this release.
 */
export function sayAnswer(answer: DeliveryAnswer | undefined): string {
  return answer ? (answers[answer.kind]?.(answer) ?? answer.text) : '';
}

type Kind = DeliveryAnswer['kind'];
type Say = (answer: DeliveryAnswer) => string;

const answers: Partial<Record<Kind, Say>> & Record<Exclude<Kind, 'KIND_UNSPECIFIED'>, Say> = {
  KIND_PROVIDER: ({ said }) => said,
  KIND_LATE: () => say.late,
  // A duration is in seconds: "2.500s".
  KIND_WAITING: ({ after }) => say.waiting(Number.parseFloat(after ?? '0')),
  KIND_FORBIDDEN: () => say.forbidden,
  KIND_CONTACT_DELETED: () => say.contactDeleted,
  KIND_NO_NOTICE: () => say.noNotice,
  KIND_NO_MAIL: () => say.noMail,
  KIND_GIVEN_UP: ({ said }) => say.givenUp(said),
  KIND_TICKET_SPAM: () => say.ticketSpam,
  KIND_TICKET_DELETED: () => say.ticketDeleted,
  KIND_BOUNCED: ({ said }) => say.bounced(said),
  KIND_SUPPRESSED: ({ said }) => say.suppressed(said),
};
