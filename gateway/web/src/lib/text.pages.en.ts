import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What the history of a page says in English: apart, as it is read on one page only. */
export const pagesEn = {
  channels: { webhook: 'webhook', email: 'mail', pagerduty: 'PagerDuty' } as Record<string, string>,
  step: (step: number, loop: number) => `Step ${step} of round ${loop}`,
  fallback: 'Fallback list',
  called: (where: string, who: string, why: string) => `${where}: ${who}, ${why}`,
  skipped: (where: string) => `${where}: skipped, nobody is on call or within reach`,
  accepted: (who: string, channel: string, answer: string) => `${who}: ${channel} accepted it (${answer})`,
  failed: (who: string, channel: string, answer: string) => `${who}: ${channel} failed (${answer})`,
  unsent: (seconds: number, who: string, channel: string) =>
    `${who}: ${channel} not delivered within ${plural(seconds, { one: '# second', other: '# seconds' })}`,
  nextContact: (what: string) => `${what}, trying the next contact`,
  noContact: (what: string) => `${what}, and there is no other contact`,
  exhausted: 'Exhausted: nobody acknowledged; the supervisors are told',
  unheard: 'Exhausted: nobody acknowledged, and no supervisor is within reach',
  escalated: (who: string) => `${who} escalated`,
  acknowledged: (who: string) => `${who} acknowledged`,
  reopened: (who: string, when: string) => `Acknowledged by ${who} ${when}, and nothing since: paging again`,
  pagedAgain: (title: string) => `Paged again while open: ${title}`,
  suppressed: (event: string, endedBy: string) =>
    `Nobody was paged: event ${event} of the ticket made it urgent, and its event ${endedBy} had ended that already`,
  solved: 'The incident is over: the ticket is solved',
  solvedBy: (who: string) => `The incident is over: ${who} solved the ticket`,
  notUrgent: 'The incident is over: the ticket is not urgent any more',
  notUrgentBy: (who: string) => `The incident is over: by ${who} the ticket is not urgent any more`,
  urgentAgain: (event: string) => `The incident is over: the ticket became urgent again by its event ${event}`,
  pagesSent: 'The incident is over: pages are sent again',
  takenOver: 'The emergency mailbox has paged about it; notification goes on from there',
  whys: {
    schedule: (name: string) => `on call by schedule ${name}`,
    override: (name: string) => `on call by schedule ${name} (override)`,
    named: 'named by the escalation policy',
    fallback: 'on the fallback list',
    supervisor: 'supervisor: nobody acknowledged',
  },
};

export type PagesText = typeof pagesEn;
