import { api, data } from '../../api/client.ts';
import { ApiError, errorOf } from '../../api/problem.ts';
import type { components } from '../../api/schema.gen.ts';
import type { Ticket } from '../../api/types.ts';
import type { Wish } from '../tickets/staff-change.ts';

type Schemas = components['schemas'];
type Batch = Schemas['BatchUpdateTicketsRequest'];
type Result = Schemas['TicketUpdateResult'];

/** What became of one ticket of many. */
export type BulkResult = { number: string; subject: string } & ({ ticket: Ticket } | { error: unknown });

export type BulkWish = Extract<Wish, { field: 'status' | 'assignee' }>;

type Send = (batch: Batch) => Promise<Result[]>;

const sendBatch: Send = async (body) => data(await api.POST('/v1/tickets:batchUpdate', { body })).results ?? [];

/** What stays marked: all but those that were changed, whatever was marked meanwhile. */
export function stillMarked(marked: ReadonlySet<string>, results: BulkResult[]): Set<string> {
  const changed = new Set(results.flatMap((result) => ('ticket' in result ? [result.number] : [])));
  return new Set([...marked].filter((number) => !changed.has(number)));
}

/** The marks without those of tickets that have left the list; the same set if there are none. */
export function without(marked: ReadonlySet<string>, gone: ReadonlySet<string>): ReadonlySet<string> {
  const left = [...marked].filter((number) => !gone.has(number));
  return left.length < marked.size ? new Set(left) : marked;
}

/** As many tickets are changed by one request. */
const atOnce = 100;

/**
 * Makes the same change in many tickets, and says of each what became of it: one that is refused stops no other. The
 * tickets are as they were seen, so that one that somebody else has changed since is refused, too.
 */
export async function changeMany(tickets: Ticket[], wish: BulkWish, send: Send = sendBatch): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (let from = 0; from < tickets.length; from += atOnce) {
    results.push(...(await changeSome(tickets.slice(from, from + atOnce), wish, send)));
  }
  return results;
}

async function changeSome(tickets: Ticket[], { field, ...value }: BulkWish, send: Send): Promise<BulkResult[]> {
  const batch: Batch = {
    updates: tickets.map(({ number, etag }) => ({ ticket: number, etag, ...value })),
    requestId: crypto.randomUUID(),
  };
  // Where no answer came the request may have been carried out: under the same id nothing is done twice.
  const answer = await send(batch)
    .catch((error: unknown) => (isLost(error) ? send(batch) : Promise.reject(error)))
    .catch((error: unknown) => ({ error }));
  return Promise.all(
    tickets.map(async ({ number, subject }, index) => {
      if ('error' in answer) return { number, subject, error: answer.error };
      const { ticket, error } = answer[index] ?? {};
      return ticket
        ? { number, subject, ticket: ticket as Ticket }
        : { number, subject, error: await refusalOf(error) };
    }),
  );
}

function isLost(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/** Statuses of HTTP for the codes of gRPC that one ticket of many can fail with; others are the server's own fault. */
const statuses: Record<number, number> = { 3: 400, 5: 404, 7: 403, 8: 429, 9: 400, 10: 409, 14: 503 };

/** The error of one ticket, as if it had been asked for alone. */
export function refusalOf(status: Schemas['Status'] | undefined): Promise<ApiError> {
  const details = (status?.details ?? []) as Record<string, unknown>[];
  const violations = details.flatMap(({ fieldViolations }) => (fieldViolations ?? []) as Record<string, string>[]);
  return errorOf(statuses[status?.code ?? 0] ?? 500, {
    detail: status?.message ?? '',
    reason: String(details.find((detail) => 'domain' in detail)?.reason ?? ''),
    fields: violations.map(({ field = '', reason = '', description = '' }) => ({ path: field, reason, description })),
  });
}
