/** What is said in English of the links for calendar programs: apart, as only they need it. */
export const feedsEn = {
  title: 'In your calendar program',
  leadOwn: 'A link that calendar programs subscribe to: it shows when you are on call, by all schedules.',
  leadSchedule: 'A link that calendar programs subscribe to: it shows who is on call by this schedule.',
  secret: 'Whoever has the link can read it without a login. It is of your own, and ends when you leave the staff.',
  failed: 'The links could not be loaded',
  list: 'Your links',
  own: 'Your shifts',
  gone: 'A schedule that is deleted',
  made: 'made',
  read: 'last read',
  unread: 'never read',
  readHint:
    'That a link is read is noted once an hour. One that nobody should have, or that nothing reads, is better revoked.',
  make: 'Make a link',
  makeNew: 'Make a new link',
  makeTitle: 'Make a new link?',
  makeLead: 'The one before then works no more: calendar programs that have it show nothing new.',
  link: 'Link',
  once: 'It is shown only now: copy it to your calendar program.',
  copy: 'Copy',
  copied: 'The link is copied.',
  copyFailed: 'It could not be copied: it is selected, so that you can do it.',
  revoke: 'Revoke',
  revokeOne: (what: string) => `Revoke the link to ${what}`,
  revokeTitle: 'Revoke this link?',
  revokeLead: 'It works no more: calendar programs that have it show nothing new.',
  revoked: 'The link is revoked.',
};

export type FeedsText = typeof feedsEn;
