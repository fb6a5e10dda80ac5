import type { Application, NewTicket } from '../../api/types.ts';
import { fromLocalInput, timeZone } from '../../lib/format.ts';
import { createText } from '../../lib/text.create.ts';
import type { KeptFile } from '../attachments/files.ts';
import { type Kind, priorityOf, typeOf, type Urgency } from './kinds.ts';

export type Answer = '' | 'yes' | 'no' | 'notTried';

/** What is typed into the form of a new ticket, as it is kept in a draft. */
export interface Form {
  kind: Kind | '';
  /** For whom staff open it, by ids; customers' own are known. */
  organization: string;
  requester: string;
  subject: string;
  description: string;
  all: boolean;
  /** "application" or "application/environment", by id. */
  targets: string[];
  ccs: string[];
  files: KeptFile[];
  urgency: Urgency;
  since: string; // of an input for local times, as are the other times
  impact: string;
  callback: string;
  problem: 'bug' | 'risk';
  updates: boolean;
  trace: boolean;
  fresh: Answer;
  locally: Answer;
  expected: string;
  actual: string;
  steps: string;
  reduced: string;
  environments: string;
  traces: string;
  task: 'newEnvironment' | 'php' | 'other';
  requirements: string;
  earliest: string;
  latest: string;
}

export const emptyForm: Form = {
  kind: '',
  organization: '',
  requester: '',
  subject: '',
  description: '',
  all: false,
  targets: [],
  ccs: [],
  files: [],
  urgency: 'normal',
  since: '',
  impact: '',
  callback: '',
  problem: 'bug',
  updates: false,
  trace: false,
  fresh: '',
  locally: '',
  expected: '',
  actual: '',
  steps: '',
  reduced: '',
  environments: '',
  traces: '',
  task: 'newEnvironment',
  requirements: '',
  earliest: '',
  latest: '',
};

/** What is kept of the form. Until somebody chooses, there is no choice of applications, not even of none. */
export type FormDraft = Omit<Form, 'targets'> & { targets: string[] | undefined };

export const emptyDraft: FormDraft = { ...emptyForm, targets: undefined };

/** What somebody writes or adds. The rest is chosen. */
const written: (keyof FormDraft)[] = [
  ...(['subject', 'description', 'ccs', 'files', 'impact', 'callback', 'requirements'] as const),
  ...(['expected', 'actual', 'steps', 'reduced', 'environments', 'traces'] as const),
];

/**
 * How much would be lost with a draft: 2 where something was written, 1 where something was chosen. The type alone is
 * nothing: it is in the page's address, and is to hide no text that is kept elsewhere.
 */
export function worthOfDraft(draft: unknown): number {
  const form = { ...emptyDraft, ...(draft as Partial<FormDraft> | undefined) };
  if (written.some((name) => (form[name] as string | unknown[]).length > 0)) return 2;
  const names = Object.keys(emptyDraft) as (keyof FormDraft)[];
  const same = names.every((name) => name === 'kind' || written.includes(name) || form[name] === emptyDraft[name]);
  return same ? 0 : 1;
}

/** What is chosen before anybody does: the application that was named, or the only one there is. */
export function preselected(applications: Pick<Application, 'id'>[], named: string | undefined): string[] {
  const found =
    applications.find(({ id }) => id === named) ?? (applications.length === 1 ? applications[0] : undefined);
  return found ? [found.id] : [];
}

export function isUrgent(form: Form): boolean {
  return form.kind === 'incident' && form.urgency === 'urgent';
}

export type Errors = Partial<Record<keyof Form | 'confirmed', string>>;

const maxSubject = 200;

/** What must be mended before it is sent; the server checks the rest. */
export function validate(form: Form, confirmed: boolean, staff = false): Errors {
  const say = createText.errors;
  const errors: Errors = {};
  if (!form.kind) errors.kind = say.type;
  if (staff && !form.organization) errors.organization = say.organization;
  if (staff && form.organization && !form.requester) errors.requester = say.requester;
  if (!form.subject.trim()) errors.subject = say.subject;
  else if (Array.from(form.subject.trim()).length > maxSubject) errors.subject = say.subjectLong;
  if (!form.description.trim()) errors.description = say.description;
  if (!form.all && form.targets.length === 0) errors.targets = say.scope;
  if (form.kind === 'incident') Object.assign(errors, validateIncident(form, confirmed));
  if (form.kind === 'task' && form.earliest && form.latest && form.latest < form.earliest) errors.latest = say.window;
  return errors;
}

/** The same of what engineers need to know of an incident. */
export function validateIncident(form: Form, confirmed: boolean): Errors {
  const say = createText.errors;
  const errors: Errors = {};
  if (!/^[0-9+() ./-]*$/.test(form.callback)) errors.callback = say.callback;
  if (form.urgency === 'urgent') {
    if (!form.impact.trim()) errors.impact = say.impact;
    if (!confirmed) errors.confirmed = say.confirm;
  }
  return errors;
}

// Fields of the API by the beginnings of their paths, the more exact first.
const paths: [string, keyof Form][] = [
  ['ticket.subject', 'subject'],
  ['ticket.description', 'description'],
  ['ticket.scope', 'targets'],
  ['ticket.ccs', 'ccs'],
  ['attachments', 'files'],
  ['ticket.priority', 'urgency'],
  ['ticket.type', 'kind'],
  ['ticket.organization', 'organization'],
  ['ticket.requester', 'requester'],
  ['ticket.incident.callback_number', 'callback'],
  ['ticket.incident.impact', 'impact'],
  ['ticket.incident.since_time', 'since'],
  ['ticket.problem.expected', 'expected'],
  ['ticket.problem.actual', 'actual'],
  ['ticket.problem.steps', 'steps'],
  ['ticket.problem.reduced_test_case', 'reduced'],
  ['ticket.problem.environments', 'environments'],
  ['ticket.problem.traces', 'traces'],
  ['ticket.task.requirements', 'requirements'],
  ['ticket.task.earliest_time', 'earliest'],
  ['ticket.task.latest_time', 'latest'],
];

/** Shows at their places what the server refused. */
export function errorsOf(fields: { path: string; description: string }[]): Errors {
  const errors: Errors = {};
  for (const { path, description } of fields) {
    const found = paths.find(([beginning]) => path.startsWith(beginning));
    if (found) errors[found[1]] = description;
  }
  return errors;
}

const answers = {
  '': 'REPRODUCED_UNSPECIFIED',
  yes: 'REPRODUCED_YES',
  no: 'REPRODUCED_NO',
  notTried: 'REPRODUCED_NOT_TRIED',
} as const;

const taskKinds = { newEnvironment: 'KIND_NEW_ENVIRONMENT', php: 'KIND_PHP_UPGRADE', other: 'KIND_OTHER' } as const;

/** The ticket to create. Only the part of its type is sent, whatever else the draft holds. */
export function toTicket(form: Form): NewTicket {
  const kind = form.kind || 'question';
  const ticket: NewTicket = {
    type: typeOf[kind],
    ...(form.organization && { organization: form.organization, requester: { id: form.requester } }),
    subject: form.subject.trim(),
    description: form.description,
    scope: form.all ? { all: true } : { targets: form.targets.map(target) },
    ccs: form.ccs.map((email) => ({ email })),
  };
  switch (kind) {
    case 'incident':
      return { ...ticket, priority: priorityOf[form.urgency], incident: incident(form) };
    case 'problem':
      return { ...ticket, problem: problem(form) };
    case 'task':
      return {
        ...ticket,
        task: {
          kind: taskKinds[form.task],
          requirements: form.requirements,
          timeZone: timeZone(),
          ...time('earliestTime', form.earliest),
          ...time('latestTime', form.latest),
        },
      };
    case 'question':
      return ticket;
  }
}

function incident(form: Form): NewTicket['incident'] {
  return { ...time('sinceTime', form.since), impact: form.impact, callbackNumber: form.callback.trim() };
}

function problem(form: Form): NewTicket['problem'] {
  if (form.problem === 'risk') {
    return { kind: 'KIND_RISK', actual: form.actual, environments: form.environments, traces: form.traces };
  }
  return {
    kind: 'KIND_BUG',
    expected: form.expected,
    actual: form.actual,
    steps: form.steps,
    reducedTestCase: form.reduced,
    environments: form.environments,
    traces: form.traces,
    reproducedOnFreshInstallation: answers[form.fresh],
    reproducedLocally: answers[form.locally],
    checkedForUpdates: form.updates,
    readWholeTrace: form.trace,
  };
}

function target(id: string): { application: string; environment?: string } {
  const [application = '', environment] = id.split('/');
  return environment ? { application, environment } : { application };
}

function time<K extends string>(name: K, local: string): { [key in K]?: string } {
  const instant = fromLocalInput(local);
  return (instant ? { [name]: instant } : {}) as { [key in K]?: string };
}
