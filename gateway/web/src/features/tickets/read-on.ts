import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Message, TicketEvent } from '../../api/types.ts';

export interface Conversation {
  messages: Message[];
  events: TicketEvent[];
}

/** Reads the messages, or the history, of one ticket. */
export interface Source {
  /** Those of a higher sequence, or the first so many of them. */
  messages(after: number, most?: number): Promise<Message[]>;
  events(after: number): Promise<TicketEvent[]>;
}

const pageSize = 100;

/** What the server has of a ticket. */
export function sourceOf(ticket: string, signal: AbortSignal): Source {
  const params = (after: number, pageToken: string, most = pageSize) => ({
    params: { path: { ticket }, query: { pageSize: most, pageToken, ...(after > 0 && { after: String(after) }) } },
    signal,
  });
  return {
    messages: (after, most) =>
      readAll(async (token) => {
        const page = data(await api.GET('/v1/tickets/{ticket}/messages', params(after, token, most)));
        return [page.messages as Message[], most ? '' : page.nextPageToken];
      }),
    events: (after) =>
      readAll(async (token) => {
        const page = data(await api.GET('/v1/tickets/{ticket}/events', params(after, token)));
        return [page.events as TicketEvent[], page.nextPageToken];
      }),
  };
}

/** Reads all that was said and done. */
export async function readWhole(source: Source): Promise<Conversation> {
  const [messages, events] = await Promise.all([source.messages(0), source.events(0)]);
  return { messages, events };
}

/** Whether an entry of the history tells of text that is gone, or is another, in what was read before. */
const rewrites = ({ kind }: TicketEvent) => kind === 'KIND_MESSAGE_REDACTED' || kind === 'KIND_FIELD_REDACTED';

/** Whether what came has changed the long parts of the ticket, which live updates leave out. */
export function changesTicket(news: TicketEvent[]): boolean {
  return news.some(
    (event) => rewrites(event) || event.changes.some(({ field }) => /^(incident|problem|task)\./.test(field)),
  );
}

/**
 * Reads on where one has read to: a long conversation is not read anew for each change. The history says what else is another
 * than it was: messages of which text was redacted are read again, and all of the history when it has forgotten values itself.
 */
export async function readOn(
  known: Conversation,
  source: Source,
): Promise<{ conversation: Conversation; news: TicketEvent[] }> {
  const news = await source.events(lastOf(known.events));
  if (news.length === 0) return { conversation: known, news };
  const ids = new Set(known.messages.map(({ id }) => id));
  const named = news.map(({ message }) => message).filter(Boolean);
  const again = known.messages.filter(({ id }) => named.includes(id));
  const [added, changed, history] = await Promise.all([
    named.some((id) => !ids.has(id)) ? source.messages(lastOf(known.messages)) : [],
    Promise.all(again.map(({ sequence }) => source.messages(Number(sequence) - 1, 1))),
    news.some(({ kind }) => kind === 'KIND_FIELD_REDACTED') ? source.events(0) : undefined,
  ]);
  return {
    conversation: {
      messages: joined(known.messages, [...changed.flat(), ...added]),
      events: history ?? joined(known.events, news),
    },
    news,
  };
}

const lastOf = (list: { sequence: string }[]) => Number(list.at(-1)?.sequence ?? 0);

/** What was known, with what was read of it again in its place, and what is new behind it. */
function joined<T extends { id: string }>(known: T[], read: T[]): T[] {
  const now = new Map(known.map((one) => [one.id, one]));
  for (const one of read) now.set(one.id, one);
  return [...now.values()];
}
