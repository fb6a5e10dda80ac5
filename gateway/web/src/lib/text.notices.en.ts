/** What the choice of notices says in English: apart, as only staff load it. */
export const noticesEn = {
  title: 'Mails about your work',
  lead: 'What happens stands in the dashboard in any case. Pages of on-call engineers do not depend on this. A mail in quarantine counts as a new ticket, an address that mails do not reach as an answer.',
  failed: 'Your choice of mails could not be loaded',
  kinds: {
    newTicket: 'A new ticket of your team',
    replyMine: 'A customer answers a ticket that is assigned to you',
    replyTeam: 'A customer answers a ticket of your team that nobody has taken',
  },
  channels: {
    CHANNEL_MAIL: 'Mail at once',
    CHANNEL_DIGEST: 'In a digest',
    CHANNEL_NONE: 'No mail',
  },
  hours: 'Hours of the digest',
  hoursHint: (zone: string) => `In your time zone (${zone}). There is no mail when nothing happened.`,
  hoursMissing: 'Choose an hour, or no digest above.',
  save: 'Save',
  saving: 'Saving…',
  saved: 'Your choice of mails was saved.',
};

export type NoticesText = typeof noticesEn;
