import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** What the form of a new ticket says in English: apart, as it is loaded with the form only. */
export const createEn = {
  title: 'New ticket',
  type: 'What do you need help with?',
  types: {
    incident: {
      name: 'Report an Incident',
      short: 'Something is broken and hurts your business now.',
      guidance: [
        'Incidents are unplanned events that negatively impact service, or the quality of service: an issue with the hosting infrastructure, or a breaking issue in the Altis software.',
        'If it causes an immediate, negative impact on business operations, it is an incident. An incident that does not affect most of your users needs attention too: choose the priority that fits its impact.',
      ],
    },
    problem: {
      name: 'Report an ongoing issue',
      short: 'A bug, or something that may cause incidents.',
      guidance: [
        'Ongoing issues are the cause, or the potential cause, of future incidents. If you run into a bug, or see trouble coming, report it here.',
        'Before you report a bug, please isolate and debug it as far as you can. If it cannot be replicated with Altis out of the box, support engineers may not be able to help: third-party and custom code is not covered.',
      ],
    },
    task: {
      name: 'Request an infrastructure change',
      short: 'A new environment, a PHP upgrade, work for a cloud engineer.',
      guidance: [
        'For work that needs a cloud engineer, such as another environment or an upgrade of the PHP version. Describe it well, with detailed requirements and time scales.',
        'We cannot guarantee to service same-day requests; if there is capacity to do so, we will.',
      ],
    },
    question: {
      name: 'Ask a question',
      short: 'Something technical, or a feature that is unclear.',
      guidance: [
        'Have a question for us? Ask! Our support team will do their best to answer technical questions and to clarify features.',
      ],
    },
  },
  priority: 'Priority',
  priorities: {
    low: 'Little impact. It can wait.',
    normal: 'Some users are affected, or there is a workaround.',
    high: 'Service is degraded, with a poor workaround or none.',
    urgent: 'A service outage, or most users are affected, now. Pages the on-call engineers.',
  },
  urgentTitle: 'Urgent pages the on-call engineers immediately',
  urgentLead:
    'At any hour, the engineer on call is woken, and we investigate at once. For a service outage only. This helps the engineer:',
  since: 'Since when?',
  sinceHint: 'In your time zone.',
  impact: 'What is the impact?',
  impactHint: 'What users cannot do, and how many are affected.',
  callback: 'Call-back number',
  callbackHint: 'With the country code.',
  confirm: 'Page the on-call engineers now. It is an outage, or most users are affected.',
  scope: 'Applications',
  scopeHint: 'The applications and environments that this is about.',
  scopeAll: 'All applications and environments',
  noApplications: 'There are no applications to choose from.',
  subject: 'Subject',
  subjectHint: 'A short description.',
  description: 'Description',
  descriptionHint: 'Markdown works. Please do not paste passwords or keys.',
  ccs: 'CCs',
  ccsHint: 'Others who should get copies of the correspondence. Press Enter after each address.',
  ccsLabel: 'People in CC',
  problem: {
    kind: 'What is it?',
    bug: 'A bug: something works wrongly',
    risk: 'A risk: something that may cause incidents',
    checklist: 'Before you report',
    updates: 'I checked for updates',
    trace:
      'I read the whole trace: an error that seems to come from the platform can come from a plugin or custom code',
    fresh: 'Does it happen on a fresh installation, without custom code?',
    locally: 'Does it happen locally?',
    expected: 'What do you expect?',
    actual: 'What happens instead?',
    actualRisk: 'What do you see?',
    steps: 'Steps to reproduce',
    reduced: 'Reduced test case',
    reducedHint: 'The least code or configuration that shows it.',
    environments: 'Environments and configuration',
    environmentsHint: 'Which environments show it, and what is special about them.',
    traces: 'Trace or log',
  },
  task: {
    kind: 'What should change?',
    requirements: 'Requirements',
    requirementsHint: 'Versions, sizes, names, data to copy; what must not happen.',
    earliest: 'Not before',
    latest: 'Not after',
    sameDay: 'We cannot guarantee to service same-day requests. If there is capacity, we will.',
    zone: (zone: string) => `Times are in your zone, ${zone}.`,
  },
  submit: 'Create ticket',
  submitUrgent: 'Create ticket and page',
  sending: 'Creating…',
  discard: 'Discard draft',
  kept: 'Draft saved on this device',
  created: (n: string) => `Ticket #${n} was created.`,
  reused: 'An earlier attempt did arrive: look into your list before you send it again.',
  errors: {
    organization: 'Choose the organization.',
    requester: 'Choose who asked.',
    type: 'Choose what you need help with.',
    subject: 'Enter a subject.',
    subjectLong: 'At most 200 characters.',
    description: 'Describe what you need.',
    scope: 'Choose at least one application, or all.',
    callback: 'Only digits, blanks and + ( ) . / -',
    impact: 'Say what is affected.',
    confirm: 'Confirm that engineers are to be paged, or choose another priority.',
    window: 'The end must not be before the beginning.',
    summary: (n: number) => plural(n, { one: 'Please correct one field.', other: 'Please correct # fields.' }),
  },
  about: 'What happens next',
  next: {
    urgent: 'The on-call engineers are paged at once. The ticket shows who acknowledged, and when.',
    incident: 'Support looks at it by its priority. The ticket shows when a first answer is due.',
    other: 'Support answers in the ticket and by mail, to you and to the CCs.',
  },
};

export type CreateText = typeof createEn;
