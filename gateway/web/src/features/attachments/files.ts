import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, sentenceOf } from '../../api/problem.ts';
import type { Attachment } from '../../api/types.ts';
import { attachmentsText } from '../../lib/text.attachments.ts';
import { notices } from '../../ui/notices.tsx';
import { stillThere, type Upload, upload } from './upload.ts';

export const maxFiles = 20;
export const maxSize = 25 * 1024 * 1024;
/** More at once would only make each of them slower. */
const atOnce = 3;

/** What a draft keeps of a file: enough to name and to send it after a reload. */
export type KeptFile = Pick<Attachment, 'id' | 'filename' | 'size' | 'contentType'>;

/** A file that is not uploaded yet, or could not be. */
export interface Pending {
  key: string;
  file: File;
  /** From 0 to 1 while it is being sent. */
  progress?: number;
  error?: string;
}

export interface Files {
  kept: KeptFile[];
  pending: Pending[];
  /** Kept files that the server does not have any more. */
  gone: ReadonlySet<string>;
  add(files: Iterable<File>): void;
  retry(key: string): void;
  cancel(key: string): void;
  remove(id: string): void;
  /** Whether everything that was added can be sent. */
  ready: boolean;
}

type Sender = (file: File, onProgress: (part: number) => void) => Upload;

/**
 * The files of a draft. Each is uploaded as soon as it is added; the draft keeps the ids, so that they come back with
 * it after a reload.
 */
export function useFiles(
  kept: KeptFile[],
  change: (kept: KeptFile[]) => void,
  send: Sender = upload,
  check: (id: string) => Promise<boolean> = stillThere,
): Files {
  const [pending, setPending] = useState<Pending[]>([]);
  const gone = useGone(kept, check);
  const running = useRef(new Map<string, Upload>());
  // An effect can come late, with a list that still has what was uploaded meanwhile: nothing is begun twice.
  const started = useRef(new Set<string>());
  // What callbacks of uploads need is what there is when they come, not when they began.
  const now = useRef({ kept, change });
  now.current = { kept, change };

  const patch = useCallback(
    (key: string, part: Partial<Pending>) =>
      setPending((old) => old.map((p) => (p.key === key ? { key, file: p.file, ...part } : p))),
    [],
  );
  const drop = useCallback((key: string) => setPending((old) => old.filter((p) => p.key !== key)), []);

  useEffect(() => {
    for (const { key, file, error } of pending) {
      if (error !== undefined || started.current.has(key) || running.current.size >= atOnce) continue;
      started.current.add(key);
      const sending = send(file, (progress) => patch(key, { progress }));
      running.current.set(key, sending);
      sending.done.then(
        (a) => {
          running.current.delete(key);
          const next = [
            ...now.current.kept,
            { id: a.id, filename: a.filename, size: a.size, contentType: a.contentType },
          ];
          now.current = { ...now.current, kept: next };
          now.current.change(next);
          drop(key);
          notices.say(attachmentsText.uploaded(a.filename));
        },
        (failure) => {
          if (!running.current.delete(key)) return; // it was cancelled
          patch(key, { error: wordsOf(failure) });
        },
      );
    }
  }, [pending, send, patch, drop]);

  useEffect(() => {
    const all = running.current;
    return () => {
      for (const [key, sending] of all) {
        all.delete(key);
        sending.cancel();
      }
    };
  }, []);

  const add = (files: Iterable<File>) => {
    let room = maxFiles - kept.length - pending.length;
    const added = [...files].map((file) => {
      room -= 1;
      const error = room < 0 ? attachmentsText.errors.tooMany : refusal(file);
      return { key: crypto.randomUUID(), file, ...(error !== undefined && { error }) };
    });
    setPending((old) => [...old, ...added]);
  };
  return {
    kept,
    pending,
    gone,
    add,
    retry: (key) => {
      const again = pending.find((p) => p.key === key);
      started.current.delete(key);
      if (again) patch(key, refusalNow(again.file, kept.length + pending.length));
    },
    cancel: (key) => {
      const sending = running.current.get(key);
      running.current.delete(key);
      sending?.cancel();
      drop(key);
    },
    remove: (id) => change(kept.filter((file) => file.id !== id)),
    ready: pending.length === 0 && !kept.some((file) => gone.has(file.id)),
  };
}

/** Which of the files that a draft brought back the server has swept meanwhile. */
function useGone(kept: KeptFile[], check: (id: string) => Promise<boolean>): ReadonlySet<string> {
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const asked = useRef(new Set<string>());
  useEffect(() => {
    for (const { id } of kept) {
      if (asked.current.has(id)) continue;
      asked.current.add(id);
      check(id).then((there) => {
        if (!there) setGone((old) => new Set([...old, id]));
      });
    }
  }, [kept, check]);
  return gone;
}

function refusal(file: File): string | undefined {
  if (file.size === 0) return attachmentsText.errors.empty;
  if (file.size > maxSize) return attachmentsText.errors.tooLarge;
  return undefined;
}

function refusalNow(file: File, count: number): Partial<Pending> {
  const error = count > maxFiles ? attachmentsText.errors.tooMany : refusal(file);
  return error === undefined ? {} : { error };
}

/** Why a file was not taken, in words. */
export function wordsOf(failure: unknown): string {
  const say = attachmentsText.errors;
  if (!(failure instanceof ApiError)) return sentenceOf(failure);
  switch (failure.reason) {
    case 'ATTACHMENT_TOO_LARGE':
      return say.tooLarge;
    case 'UNCLAIMED_LIMIT':
      return say.unclaimed;
  }
  if (failure.status === 0) return say.offline;
  if (failure.status === 401) return say.session;
  if (failure.fields.some((field) => field.reason === 'PROGRAM')) return say.program;
  if (failure.fields.some((field) => field.path.endsWith('filename'))) return say.name;
  return sentenceOf(failure);
}
