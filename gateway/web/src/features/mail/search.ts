/** Which of the mails that came in are listed. */
export interface MailSearch {
  verdict?: Verdict | undefined;
  /** Only those about it. */
  ticket?: number | undefined;
}

export const verdicts = ['waiting', 'appended', 'created', 'quarantined', 'rejected', 'ignored', 'recorded'] as const;
export type Verdict = (typeof verdicts)[number];

/** It has to be named when it is nothing, or the router keeps what the address says. */
export function readMailSearch({ verdict, ticket }: Record<string, unknown>): MailSearch {
  return {
    verdict: verdicts.find((one) => one === verdict),
    ticket: Number.isSafeInteger(ticket) && Number(ticket) > 0 ? Number(ticket) : undefined,
  };
}
