import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What the history of a page says in English: apart, as it is read on one page only. */
export const pagesEn = {
  channels: {
    webhook: 'webhook',
    email: 'mail',
    sms: 'text message',
    teams: 'Microsoft Teams',
    mattermost: 'Mattermost',
    pagerduty: 'PagerDuty',
    opsgenie: 'Opsgenie',
  } as Record<string, string>,
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
  unacknowledged: (who: string, reason: string) => `${who} took the acknowledgement back, paging again: ${reason}`,
  snoozed: (who: string, until: string) => `${who} snoozed it until ${until}`,
  snoozeEnded: (who: string) =>
    `The snooze is over and the incident is not, which ${who} had acknowledged: paging again`,
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
  again: {
    unacknowledge: 'Take the acknowledgement back…',
    unacknowledgeTitle: 'Take the acknowledgement back?',
    unacknowledgeLead: 'Paging begins again from the first step, at any hour. The history keeps who did it, and why.',
    reason: 'Reason',
    reasonHint: 'Who is paged next reads it.',
    reasonMissing: 'Say why it is taken back.',
    unacknowledgeConfirm: 'Page again',
    unacknowledged: 'Paging has begun again.',
    exhausted: 'Page again…',
    exhaustedTitle: 'Page again?',
    exhaustedLead:
      'Nobody has acknowledged, and no step is left. Paging begins again from the first step, at any hour. The history keeps who did it, and why.',
    exhaustedMissing: 'Say why it is paged again.',
    snooze: 'Snooze…',
    snoozeTitle: 'Snooze this page?',
    snoozeLead: 'It stays acknowledged. Unless the incident is over by then, paging begins again.',
    length: 'For how long',
    until: (when: string) => `Paging begins again ${when}.`,
    snoozeConfirm: 'Snooze',
    snoozed: 'The page is snoozed.',
  },
  acceptedTogether: (who: string, channel: string, count: number, answer: string) =>
    `${who}: ${channel} accepted it in one message about ${plural(count, { one: '# page', other: '# pages' })} (${answer})`,
  folded: (count: number, when: string) =>
    `Urgent ${plural(count, { one: '# time', other: '# times' })} within ten minutes, and people were called: they are called again if it lasts until ${when}`,
  begunAgain: (who: string, reason: string) =>
    `Nobody had acknowledged and no step was left: ${who} has paging begin again${reason && `: ${reason}`}`,
  undelivered: (who: string, channel: string, answer: string) => `${who}: ${channel} did not arrive (${answer})`,
  drill: 'A drill: there is no incident',
  drillBy: (who: string) => `A drill, by ${who}: there is no incident`,
  drillOver: 'The drill is over',
  mergedInto: (ticket: string, by: string) => `The ticket was merged into #${ticket}${by && `, by ${by}`}`,
  mergedFrom: (ticket: string, by: string) =>
    `#${ticket} was merged into the ticket${by && `, by ${by}`}: its page goes on instead`,
  whys: {
    schedule: (name: string) => `on call by schedule ${name}`,
    override: (name: string) => `on call by schedule ${name} (override)`,
    named: 'named by the escalation policy',
    fallback: 'on the fallback list',
    supervisor: 'supervisor: nobody acknowledged',
  },
};

export type PagesText = typeof pagesEn;
