import createClient from 'openapi-fetch';
import { ApiError, problemOf } from './problem.ts';
import type { paths } from './schema.gen.ts';

/** Waits until somebody has logged in again; set by the session's dialog. */
type Renew = () => Promise<void>;

let renew: Renew | undefined;

/** Names what to do when the session has ended in the middle of work. */
export function onSessionEnd(handler: Renew | undefined): void {
  renew = handler;
}

/** Waits until the person is back whose session has ended. False where nobody can be asked. */
export async function renewSession(): Promise<boolean> {
  await renew?.();
  return renew !== undefined;
}

/**
 * Sends a request. If the session has ended, it waits until the person is back and sends the request again: what was
 * typed is neither lost nor sent twice, as the server did nothing the first time.
 */
export async function send(request: Request): Promise<Response> {
  const again = request.method === 'GET' ? request : request.clone();
  const response = await attempt(request);
  if (response.status !== 401 || request.url.endsWith('/v1/auth/login')) return response;
  early.clear();
  return (await renewSession()) ? attempt(again) : response;
}

declare global {
  interface Window {
    /** The answers that public/early.js has read, by their addresses. It reads no more from then on. */
    takeEarly?: () => Map<string, Promise<Response>>;
  }
}

const early = window.takeEarly?.() ?? new Map<string, Promise<Response>>();

async function attempt(request: Request): Promise<Response> {
  if (request.url.includes('/v1/auth/')) early.clear(); // they were for whoever was here then
  try {
    const answer = request.method === 'GET' && early.get(request.url);
    early.delete(request.url); // it is true for the moment only
    return await (answer || fetch(request));
  } catch (cause) {
    if (request.signal.aborted) throw cause;
    throw new ApiError(0, {});
  }
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send });

// Every answer that is no success is thrown, so that callers see data or an ApiError.
api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
  },
});

/** The data of an answer, which is there: failures were thrown. */
export function data<T>(result: { data?: T }): T {
  return result.data as T;
}
