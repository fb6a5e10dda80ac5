import { lazy, Suspense } from 'react';
import type { Attachment } from '../../api/types.ts';
import type { Files } from './files.ts';

const Field = lazy(() => import('./attachment-field.tsx'));
const List = lazy(() => import('./attachment-list.tsx'));

/** Loaded after the page that has it: one can write before. */
export function AttachmentField({ files }: { files: Files }) {
  return (
    <Suspense fallback={<div className="drop-zone" />}>
      <Field files={files} />
    </Suspense>
  );
}

/** Loaded with the first message that has files. */
export function AttachmentList({ attachments }: { attachments: Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <Suspense>
      <List attachments={attachments} />
    </Suspense>
  );
}
