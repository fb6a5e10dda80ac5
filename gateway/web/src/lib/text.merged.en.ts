/** What is said of duplicates in English: apart, as few tickets are one. */
export const mergedEn = {
  title: (number: string) => `Merged into #${number}`,
  lead: 'Both are about the same. It goes on there, with what is answered here.',
  open: (number: string) => `Go to #${number}`,
  hint: (number: string) => `This ticket was merged into #${number}. What you send is added there.`,
  sent: (number: string) => `Your answer was added to #${number}.`,
  into: (who: string, number: string) => `${who} merged this ticket into #${number}`,
  intoOther: (who: string) => `${who} merged this ticket into another one`,
  from: (who: string, number: string) => `${who} merged #${number} into this ticket`,
  fromOther: (who: string) => `${who} merged another ticket into this one`,
};

export type MergedText = typeof mergedEn;
