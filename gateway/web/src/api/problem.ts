import { type Language, language } from '../lib/locale.ts';
import { text } from '../lib/text.ts';

/** One refused field of a request, by its path: `ticket.subject`, `ticket.ccs[3].email`. */
export interface ProblemField {
  path: string;
  reason: string;
  description: string;
}

export interface ProblemBody {
  status?: number;
  detail?: string;
  reason?: string;
  fields?: ProblemField[];
  traceId?: string;
}

/** Why a request failed. `status` is 0 when no answer came. */
export class ApiError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly fields: ProblemField[];
  readonly traceId: string | undefined;
  readonly retryAfter: number | undefined; // seconds

  constructor(status: number, body: ProblemBody, retryAfter?: number) {
    super(body.detail ?? '');
    this.name = 'ApiError';
    this.status = status;
    this.reason = body.reason ?? '';
    this.fields = body.fields ?? [];
    this.traceId = body.traceId;
    this.retryAfter = retryAfter;
  }

  /** Whether the request was certainly not carried out, so that the next attempt is a new request. */
  get refused(): boolean {
    return this.status >= 400 && this.status < 500 && ![401, 408, 429].includes(this.status);
  }
}

/** Reads an answer that is no success. */
export async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => ({}));
  const retry = Number(response.headers.get('Retry-After'));
  return errorOf(response.status, isBody(body) ? body : {}, retry > 0 ? retry : undefined);
}

/** The error of an answer. What the server says is in English: other readers get other words. */
export async function errorOf(status: number, body: ProblemBody, retryAfter?: number): Promise<ApiError> {
  return new ApiError(status, language === 'en' ? body : await inOtherWords(status, body, language), retryAfter);
}

function inOtherWords(status: number, body: ProblemBody, language: Exclude<Language, 'en'>): Promise<ProblemBody> {
  return import('./translate.ts')
    .then(({ translate }) => translate(status, body, language))
    .catch(() => withoutWords(body));
}

function withoutWords(body: ProblemBody): ProblemBody {
  const fields = body.fields?.map((field) => ({ ...field, description: text.errors.internal }));
  return { ...body, detail: '', ...(fields && { fields }) };
}

function isBody(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null;
}

/** A sentence for people about any error. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return text.errors.internal;
  if (error.status === 0) return text.errors.offline;
  if (error.status === 429) return text.errors.tooMany(error.retryAfter ?? 10);
  if (error.status === 503) return text.errors.unavailable;
  if (error.status >= 500) return text.errors.internal;
  return error.message || text.errors.internal; // with its fields
}

export function isNotFound(error: unknown): boolean {
  // A number that is none reads as not found, too.
  return (
    error instanceof ApiError && (error.status === 404 || error.status === 403 || error.reason === 'INVALID_FIELD')
  );
}
