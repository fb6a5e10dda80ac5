/** What the dialogs in which staff act on a ticket say in English: apart, as only staff need them. */
export const actionsEn = {
  more: 'More',
  items: {
    type: 'Change type…',
    requester: 'Change requester…',
    spam: 'Mark as spam…',
    delete: 'Delete…',
  },
  type: {
    title: 'Change the type',
    lead: 'What the new type has a field for moves there. The rest is kept in an internal note. The customer sees the new type.',
    label: 'New type',
    priority: 'Priority',
    priorityHint: 'To page the engineers, raise it to Urgent afterwards.',
    stops: 'Paging stops',
    stopsLead: 'This is an Urgent incident. As another type it pages nobody, and its priority becomes High.',
    confirm: 'Change the type',
    done: 'The type was changed.',
  },
  requester: {
    title: 'Change the requester',
    lead: (organization: string) =>
      `The ticket becomes theirs: they get all further mails, and the conversation so far unless they had copies. Any member of ${organization} can be chosen.`,
    now: 'Until now',
    label: 'New requester',
    choose: 'Choose',
    find: 'Find a person',
    missing: 'Choose who it is to be.',
    becomesCc: (name: string) => `${name} becomes a CC, and keeps getting copies.`,
    noCopies: (name: string) => `${name} gets no copies any more.`,
    drop: (name: string) => `No more copies for ${name}`,
    confirm: 'Change the requester',
    done: 'The requester was changed.',
  },
  spam: {
    title: 'Mark this ticket as spam?',
    lead: 'The customer does not find it any more: for them there is no such ticket. It leaves all lists. Paging ends, and mails that wait are not sent.',
    back: 'Staff find it by is:spam, and can restore it.',
    confirm: 'Mark as spam',
    done: (number: string) => `#${number} was marked as spam.`,
  },
  delete: {
    title: 'Delete this ticket?',
    lead: 'Neither the customer nor other staff find it any more: for them there is no such ticket. Paging ends, and mails that wait are not sent.',
    back: 'Supervisors and admins find it by is:deleted, and can restore it for 30 days. Then it is purged with its conversation and files, for good.',
    confirm: 'Delete the ticket',
    done: (number: string) => `#${number} was deleted.`,
  },
  hidden: {
    states: { '': 'visible', spam: 'Spam', deleted: 'Deleted' },
    spamBy: (who: string, when: string) => `${who} marked this ticket as spam ${when}`,
    deletedBy: (who: string, when: string) => `${who} deleted this ticket ${when}`,
    spamLead: 'The customer does not find it. Nobody can work on it until it is restored.',
    deletedLead: (when: string) =>
      `Only supervisors and admins find it. It is purged ${when}, with its conversation and files.`,
    pages: 'It is an Urgent incident: to restore it pages the on-call engineers again.',
    restore: 'Restore',
    restored: 'The ticket was restored.',
    somebody: 'Somebody',
    byMarked: (who: string) => `${who} marked the ticket as spam`,
    byDeleted: (who: string) => `${who} deleted the ticket`,
    byRestored: (who: string) => `${who} restored the ticket`,
  },
};

export type ActionsText = typeof actionsEn;
