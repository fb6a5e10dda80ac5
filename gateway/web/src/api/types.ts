import type { components, paths } from './schema.gen.ts';

type Schemas = components['schemas'];

/**
 * The gateway puts out every field but messages that are unset, so these are there although the description, which is
 * for requests as well, calls them optional.
 */
type Answer<T, Unset extends keyof T = never> = Required<Omit<T, Unset>> & Pick<T, Unset>;

export type TicketType = Schemas['TicketType'];
export type TicketStatus = Schemas['TicketStatus'];
export type Priority = Schemas['Priority'];
export type PageState = Schemas['PageState'];
export type Reproduced = Schemas['Reproduced'];
export type View = NonNullable<NonNullable<paths['/v1/tickets']['get']['parameters']['query']>['view']>;

export type Person = Answer<Schemas['Person']>;
export type PageSummary = Answer<Omit<Schemas['PageSummary'], 'acknowledgedBy'>, 'acknowledgeTime'> & {
  acknowledgedBy?: Person;
};
export type ScopeTarget = Answer<Schemas['ScopeTarget']>;
export interface Scope {
  all: boolean;
  targets: ScopeTarget[];
}

type TicketTimes =
  | 'firstResponseDueTime'
  | 'resolutionDueTime'
  | 'firstResponseTime'
  | 'solveTime'
  | 'closeTime'
  | 'spamTime'
  | 'deleteTime'
  | 'purgeTime'
  | 'incident'
  | 'problem'
  | 'task';
type TicketParts = 'requester' | 'assignee' | 'ccs' | 'scope' | 'page';
export type Ticket = Answer<Omit<Schemas['Ticket'], TicketParts>, TicketTimes> & {
  requester?: Person;
  assignee?: Person;
  ccs: Person[];
  scope: Scope;
  page: PageSummary;
};
export type NewTicket = Schemas['Ticket'];

export type Attachment = Answer<Schemas['Attachment']>;
export type Message = Answer<Omit<Schemas['Message'], 'author' | 'attachments'>, 'redactTime'> & {
  author?: Person;
  attachments: Attachment[];
};
export type FieldChange = Answer<Schemas['FieldChange']>;
export type TicketEvent = Answer<Omit<Schemas['ticket.v1.Event'], 'actor' | 'changes'>> & {
  actor?: Person;
  changes: FieldChange[];
};
export type Activity = Schemas['Activity'];
export type PersonPresence = Answer<Omit<Schemas['PersonPresence'], 'person'>> & { person: Person };
export type SavedView = Answer<Omit<Schemas['View'], 'owner'>> & { owner?: Person };
export type FilterIssue = Answer<Schemas['FilterIssue']>;

export type Environment = Answer<Schemas['Environment']>;
export type Application = Answer<Omit<Schemas['Application'], 'environments'>> & { environments: Environment[] };
export type Organization = Answer<Schemas['Organization'], 'createTime'>;
export type Member = Answer<Schemas['Member']>;
export type Staff = Answer<Schemas['Staff']>;

export type Site = paths['/v1/site']['get']['responses']['200']['content']['application/json'];

export type PageReason = Answer<Schemas['PageReason']>;
export type DeliveryAnswer = Answer<Schemas['DeliveryAnswer'], 'after'>;
export type PageDelivery = Answer<Omit<Schemas['PageDelivery'], 'person' | 'why' | 'answer'>, 'acceptTime'> & {
  person?: Person;
  why?: PageReason;
  answer?: DeliveryAnswer;
};
export type PageLogEntry = Answer<
  Omit<Schemas['PageLogEntry'], 'why' | 'answer'>,
  'after' | 'acknowledgeTime' | 'snoozeEndTime' | 'holdEndTime'
> & {
  why?: PageReason;
  answer?: DeliveryAnswer;
};
/** One paging of the on-call engineers. Deliveries and log are there when one page was asked for. */
export type EngineerPage = Answer<
  Omit<Schemas['Page'], 'acknowledgedBy' | 'deliveries' | 'log'>,
  'acknowledgeTime' | 'nextStepTime' | 'snoozeEndTime'
> & { acknowledgedBy?: Person; deliveries: PageDelivery[]; log: PageLogEntry[] };
export type OnCallShift = Answer<Omit<Schemas['OnCallShift'], 'person' | 'next'>, 'endTime'> & {
  person?: Person;
  next?: Person;
};
export type OnCallNotice = Answer<Schemas['OnCallNotice']>;
export type Restriction = Answer<Schemas['Restriction']>;
export type Layer = Answer<Omit<Schemas['Layer'], 'restrictions'>> & { restrictions: Restriction[] };
export type Override = Answer<Omit<Schemas['Override'], 'layers'>> & { layers: Layer[] };
export type Schedule = Answer<Omit<Schemas['Schedule'], 'layers' | 'overrides'>> & {
  layers: Layer[];
  overrides: Override[];
};
export type Duty = Answer<Omit<Schemas['Duty'], 'person'>> & { person: Person };
export type EscalationStep = Answer<Schemas['EscalationStep']>;
export type EscalationPolicy = Answer<Omit<Schemas['EscalationPolicy'], 'steps'>, 'acknowledgeTimeout'> & {
  steps: EscalationStep[];
};
export type NewContact = Pick<Schemas['Contact'], 'channel' | 'address' | 'secret'>;
/** It is used once it is verified. */
export type Contact = Answer<
  Omit<Schemas['Contact'], 'codeAnswer'>,
  'verifyTime' | 'codeExpireTime' | 'nextCodeTime'
> & {
  codeAnswer?: DeliveryAnswer;
};
export type NotificationStep = Answer<Schemas['NotificationStep'], 'delay'>;
export type QuietHours = Answer<Omit<Schemas['QuietHours'], 'hours'>> & { hours: Restriction[] };
/** How a person wants to be notified: without steps and hours while nobody has said so. */
export type NotificationRules = Answer<Omit<Schemas['NotificationRules'], 'urgent' | 'normal' | 'quietHours'>> & {
  urgent: NotificationStep[];
  normal: NotificationStep[];
  quietHours?: QuietHours;
};
export type Drill = Answer<
  Omit<Schemas['Drill'], 'startedBy' | 'acknowledgedBy'>,
  'acceptTime' | 'acknowledgeTime' | 'alarmTime' | 'endTime'
> & { startedBy?: Person; acknowledgedBy?: Person };
export type DrillSchedule = Answer<Schemas['DrillSchedule'], 'nextTime'>;
export type CalendarFeed = Answer<Schemas['CalendarFeed'], 'lastReadTime'>;
export type ContactTest = Answer<Omit<Schemas['TestContactResponse'], 'answer'>> & { answer?: DeliveryAnswer };
/** Who is on call in an interval; nobody is a gap. */
export type Shift = Answer<Omit<Schemas['Shift'], 'duties'>> & { duties: Duty[] };
export type Suppression = Answer<Schemas['Suppression']>;
export type MailDelivery = Answer<
  Omit<Schemas['MailDelivery'], 'recipient' | 'answer' | 'suppression'>,
  'acceptTime' | 'nextAttemptTime'
> & {
  recipient?: Person;
  answer?: DeliveryAnswer;
  suppression?: Suppression;
};
export type MailHeader = Answer<Schemas['MailHeader']>;
export type InboundMail = Answer<
  Omit<Schemas['InboundMail'], 'holder' | 'releaser' | 'headers'>,
  'decideTime' | 'releaseTime'
> & {
  holder?: Person;
  releaser?: Person;
  headers: MailHeader[];
};
export type SlaStep = Answer<
  Schemas['SlaStep'],
  'firstResponse' | 'resolution' | 'createTime' | 'dueTime' | 'doneTime'
>;
export type SlaExplanation = Answer<
  Omit<Schemas['ExplainSlaResponse'], 'reasoning'>,
  'firstResponseDueTime' | 'resolutionDueTime'
> & { reasoning: SlaStep[] };
export type NoticeChannel = Schemas['NoticePreferences.Channel'];
export type StaffNotice = Answer<Schemas['Notice']>;
export type NoticePreferences = Answer<Schemas['NoticePreferences']>;
