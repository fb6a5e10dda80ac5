import { renewSession } from '../../api/client.ts';
import { ApiError, errorOf } from '../../api/problem.ts';
import type { Attachment } from '../../api/types.ts';

/** One upload. `done` settles when it has ended; `cancel` makes it fail. */
export interface Upload {
  done: Promise<Attachment>;
  cancel(): void;
}

/** Sends a file; again, if the session has ended and the person has logged in anew. */
export function upload(file: File, onProgress: (part: number) => void): Upload {
  let cancelled = false;
  let sending = send(file, onProgress);
  const done = sending.done.catch(async (error: unknown) => {
    if (!(error instanceof ApiError && error.status === 401 && (await renewSession())) || cancelled) throw error;
    sending = send(file, onProgress);
    return sending.done;
  });
  const cancel = () => {
    cancelled = true;
    sending.cancel();
  };
  return { done, cancel };
}

/** fetch tells no progress of what is sent, so that this is the one place for the older way. */
function send(file: File, onProgress: (part: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<Attachment>((resolve, reject) => {
    request.open('POST', `/v1/attachments?filename=${encodeURIComponent(file.name || 'file')}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      const body = read(request.responseText);
      if (request.status === 200) resolve(body as Attachment);
      else errorOf(request.status, body, Number(request.getResponseHeader('Retry-After')) || undefined).then(reject);
    });
    for (const end of ['error', 'abort', 'timeout'])
      request.addEventListener(end, () => reject(new ApiError(0, { reason: end.toUpperCase() })));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

function read(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    return {};
  }
}

/** Whether the server still has a file that was uploaded earlier. In doubt it has. */
export async function stillThere(id: string): Promise<boolean> {
  const response = await fetch(addressOf(id), { method: 'HEAD' }).catch(() => undefined);
  return response?.status !== 404;
}

export function addressOf(id: string): string {
  return `/v1/attachments/${encodeURIComponent(id)}`;
}
