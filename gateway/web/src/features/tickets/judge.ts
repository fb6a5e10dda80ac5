import { ApiError } from '../../api/problem.ts';
import type { Ticket } from '../../api/types.ts';
import { maxLength } from '../../lib/query.ts';
import { restricted, type TicketPage } from './queries.ts';
import type { Verdicts } from './standing.ts';

/** Asks for the first page of the list, or for those of its tickets that have one of these numbers. */
export type Fetch = (only: string[]) => Promise<TicketPage>;

/** A page of an answer has as many tickets at most. */
const atOnce = 100;

/** As many changes are asked for one by one; of more, what the first page tells must do. */
const most = 200;

/** Numbers in as many parts as a query has room for beside the filter; undefined if it has none. */
export function batchesOf(numbers: string[], filter: string): string[][] | undefined {
  const room = maxLength - Array.from(restricted(filter, [''])).length;
  if (numbers.some((number) => number.length > room)) return undefined;
  const batches: string[][] = [];
  let left = 0;
  for (const number of numbers) {
    const batch = batches.at(-1);
    if (batch && batch.length < atOnce && number.length < left) {
      batch.push(number);
      left -= number.length + 1;
    } else {
      batches.push([number]);
      left = room - number.length;
    }
  }
  return batches;
}

/** What is to be found out: which tickets have changed, or that any may have, with the filter and what is shown of it. */
export interface Question {
  changed: string[];
  any: boolean;
  shown: string[];
  filter: string;
}

/** Asks the server which of the changed tickets the list has. */
export async function judge(question: Question, fetch: Fetch): Promise<Verdicts> {
  const { changed, any, filter } = question;
  if (any || changed.length > most) return judgeByPage(question, fetch);
  const batches = batchesOf(changed, filter);
  if (!batches) return judgeByPage(question, fetch);
  try {
    return await judgeEach(batches, fetch);
  } catch (error) {
    // The filter has as many terms as the server takes.
    if (error instanceof ApiError && error.refused) return judgeByPage(question, fetch);
    throw error;
  }
}

async function judgeEach(batches: string[][], fetch: Fetch): Promise<Verdicts> {
  const verdicts = new Map<string, Ticket | undefined>();
  for (const batch of batches) {
    const { tickets } = await fetch(batch);
    for (const number of batch) verdicts.set(number, undefined);
    for (const ticket of tickets) verdicts.set(ticket.number, ticket);
  }
  return verdicts;
}

/** Takes the first page for the answer, and asks for what is not on it: first for what is shown. */
async function judgeByPage({ changed, any, shown, filter }: Question, fetch: Fetch): Promise<Verdicts> {
  const { tickets, nextPageToken } = await fetch([]);
  const found = new Map<string, Ticket | undefined>(tickets.map((ticket) => [ticket.number, ticket]));
  const news = new Set(changed);
  const asked = new Set([...shown.filter((number) => any || news.has(number)), ...changed]);
  const open = [...asked].filter((number) => !found.has(number));
  if (!nextPageToken) return new Map([...found, ...open.map((number) => [number, undefined] as const)]);
  const batches = batchesOf(open.slice(0, most), filter) ?? [];
  const others = await judgeEach(batches, fetch).catch((error: unknown) => {
    if (error instanceof ApiError && error.refused) return [];
    throw error;
  });
  return new Map([...found, ...others]);
}
