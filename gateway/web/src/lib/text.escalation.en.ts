import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What the page of the escalation policy says in English: apart, as only it needs it. */
export const escalationEn = {
  title: 'Escalation',
  lead: 'Who is paged about an urgent incident, in which order, until somebody acknowledges.',
  failed: 'The escalation policy could not be loaded',
  none: 'There is no policy yet: all engineers and supervisors are paged at once.',
  steps: 'Steps',
  step: (n: number) => `Step ${n}`,
  onCall: (schedule: string) => `whoever is on call in ${schedule}`,
  everyone: (schedule: string) => `everyone of ${schedule}`,
  waits: (span: string) => `then ${span} for an answer`,
  loops: (n: number) =>
    n === 1 ? 'The steps are gone through once.' : plural(n, { other: 'The steps are gone through # times.' }),
  fallback: (names: string) => `If nobody has acknowledged then, and whenever nobody else can be reached: ${names}.`,
  again: (span: string) =>
    `An acknowledged page begins again after ${span}, unless the ticket is solved or answered by then.`,
  notAgain: 'An acknowledged page does not begin again by itself.',
  open: 'Open pages keep the policy that they began with.',
  only: 'Supervisors change it.',
  change: 'Change the policy',
  create: 'Make a policy',
  form: {
    title: 'Change the policy',
    targets: 'Who is paged',
    targetsOf: (n: number) => `Who is paged in step ${n}`,
    find: 'Find a schedule or a person',
    choose: 'Choose',
    targetsMissing: 'Choose who is paged.',
    people: 'People',
    timeout: 'Minutes until the next step',
    timeoutWrong: 'Enter minutes, up to 24 hours.',
    up: (n: number) => `Move step ${n} up`,
    down: (n: number) => `Move step ${n} down`,
    remove: (n: number) => `Remove step ${n}`,
    moved: (n: number) => `It is step ${n} now.`,
    add: 'Add a step',
    loops: 'How often the steps are gone through',
    times: (n: number) => plural(n, { one: 'once', other: '# times' }),
    fallback: 'Fallback',
    fallbackHint: 'They are paged after the last step, and whenever nobody else can be reached.',
    findPerson: 'Find a person',
    fallbackMissing: 'Choose at least one person.',
    again: 'Minutes until an acknowledged page begins again',
    againHint: 'Unless the ticket is solved or answered by then. Empty means never.',
    againWrong: 'Enter minutes, or nothing.',
    save: 'Save',
    saved: 'The policy is saved.',
    conflict: 'Somebody else has changed the policy meanwhile. Now it is:',
    keepMine: 'Save mine all the same',
    takeTheirs: 'Take theirs',
  },
};

export type EscalationText = typeof escalationEn;
