/** What is said of duplicates in English: apart, as few tickets are one. */
export const mergedEn = {
  title: (number: string) => `Merged into #${number}`,
  lead: 'Both are about the same. It goes on there, with what is answered here.',
  open: (number: string) => `Go to #${number}`,
  hint: (number: string) => `This ticket was merged into #${number}. What you send is added there.`,
  sent: (number: string) => `Your answer was added to #${number}.`,
  moved: 'This ticket was closed before you sent this',
  closed: (who: string) => `${who} closed this ticket`,
  notSent: 'Nothing was sent. What you have written is kept.',
  send: (number: string) => `Send it to #${number}`,
  take: (number: string) => `Take it along to #${number}`,
  taken: (number: string) => `What you had written is in the field of #${number}.`,
  followUp: 'Open a follow-up with it',
  into: (who: string, number: string) => `${who} merged this ticket into #${number}`,
  intoOther: (who: string) => `${who} merged this ticket into another one`,
  from: (who: string, number: string) => `${who} merged #${number} into this ticket`,
  fromOther: (who: string) => `${who} merged another ticket into this one`,
};

export type MergedText = typeof mergedEn;
