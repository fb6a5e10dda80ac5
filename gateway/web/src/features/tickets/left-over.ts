import type { KeptFile } from '../attachments/files.ts';

/** What is in the field of a message. */
export interface Written {
  body: string;
  files: KeptFile[];
  /** Where it goes, as whoever writes knows it: see `whereTo`. */
  goes: number;
}

type Text = Pick<Written, 'body' | 'files'>;

/** What was written, and added, while a message was on its way; undefined if nothing was. */
export function leftOver(sent: Text, now: Text): Text | undefined {
  const more = now.body.startsWith(sent.body) ? now.body.slice(sent.body.length) : now.body;
  const body = more.trimStart();
  const files = now.files.filter(({ id }) => !sent.files.some((file) => file.id === id));
  return body || files.length > 0 ? { body, files } : undefined;
}
