/** What is said of files in English: apart, as it is loaded with the pages that have some. */
export const attachmentsEn = {
  label: 'Files',
  add: 'Attach files',
  hint: 'Drop them here, paste them, or choose them: up to 20 files, 25 MiB each.',
  drop: 'Drop the files here',
  list: 'Files to be sent',
  files: 'Files of this message',
  uploading: (percent: number) => `Uploading, ${percent} %`,
  waiting: 'Waiting for its turn',
  uploaded: (name: string) => `${name} is uploaded`,
  failed: (name: string, why: string) => `${name}: ${why}`,
  cancel: (name: string) => `Cancel ${name}`,
  remove: (name: string) => `Remove ${name}`,
  again: (name: string) => `Try again: ${name}`,
  retry: 'Try again',
  cancelShort: 'Cancel',
  removeShort: 'Remove',
  download: (name: string) => `Download ${name}`,
  preview: (name: string) => `Show ${name}`,
  hide: (name: string) => `Hide ${name}`,
  show: 'Show',
  hideShort: 'Hide',
  loading: 'Loading …',
  previewFailed: 'The picture could not be loaded.',
  gone: 'Files are kept for a day. This one is not there any more: add it again.',
  busy: 'Wait until the files are uploaded, or remove those that failed.',
  size: (bytes: number) => {
    if (bytes < 1024) return `${bytes} B`;
    const kib = bytes / 1024;
    return kib < 1024 ? `${Math.round(kib)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
  },
  errors: {
    empty: 'The file is empty.',
    tooLarge: 'The file is larger than 25 MiB.',
    tooMany: 'A message can have at most 20 files.',
    unclaimed: 'You have too many files that were not sent. Remove some, or try again tomorrow.',
    program: 'Programs are not taken. Put it into an archive if it is needed.',
    name: 'The name of the file cannot be used.',
    offline: 'The connection was lost.',
    session: 'Your session has ended. Log in again, then try again.',
  },
};

export type AttachmentsText = typeof attachmentsEn;
