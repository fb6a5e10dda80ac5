import { api, data } from '../../api/client.ts';
import { readAll } from '../../api/pages.ts';
import type { Message, TicketEvent } from '../../api/types.ts';

export interface Conversation {
  messages: Message[];
  events: TicketEvent[];
}

/** Reads the messages, or the history, of one ticket: those of a higher sequence. */
export interface Source {
  messages(after: number): Promise<Message[]>;
  events(after: number): Promise<TicketEvent[]>;
}

const pageSize = 100;

/** What the server has of a ticket. */
export function sourceOf(ticket: string, signal: AbortSignal): Source {
  const params = (after: number, pageToken: string) => ({
    params: { path: { ticket }, query: { pageSize, pageToken, ...(after > 0 && { after: String(after) }) } },
    signal,
  });
  return {
    messages: (after) =>
      readAll(async (token) => {
        const page = data(await api.GET('/v1/tickets/{ticket}/messages', params(after, token)));
        return [page.messages as Message[], page.nextPageToken];
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
 * Reads on where one has read to: a long conversation is not read anew for each change. After a redaction it is: what is gone
 * may have been quoted by messages, and said by the history, anywhere.
 */
export async function readOn(
  known: Conversation,
  source: Source,
): Promise<{ conversation: Conversation; news: TicketEvent[] }> {
  const news = await source.events(lastOf(known.events));
  if (news.length === 0) return { conversation: known, news };
  if (news.some(rewrites)) return { conversation: await readWhole(source), news };
  const ids = new Set(known.messages.map(({ id }) => id));
  const more = news.some(({ message }) => message && !ids.has(message));
  const added = more ? await source.messages(lastOf(known.messages)) : [];
  return {
    conversation: { messages: [...known.messages, ...added], events: [...known.events, ...news] },
    news,
  };
}

const lastOf = (list: { sequence: string }[]) => Number(list.at(-1)?.sequence ?? 0);
