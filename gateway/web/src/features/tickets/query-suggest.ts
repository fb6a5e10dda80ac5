import { inValues, isValuesFor, keysFor, priorityValues, slaValues, sortValues, typeValues } from '../../lib/query.ts';
import { ticketText } from '../../lib/text.ticket.ts';

/** What can stand at the caret of a query, and what the query becomes with it. */
export interface Suggestion {
  word: string;
  meaning: string;
  query: string;
  caret: number; // in units of a JavaScript string, as those of an input are
}

export interface Sources {
  staff: boolean;
  applications: Named[]; // of the customer
  /** What only staff may look for. */
  known?: Known;
}

interface Named {
  name: string;
  environments: { name: string }[];
}

export interface Known {
  /** Of all organizations: those that have what is typed. */
  applications: Named[];
  organizations: string[];
  teams: string[];
  /** Mail addresses of the staff. */
  people: string[];
}

const most = 8;

/** A value that is being typed, without quotes, and its key. */
export interface Typed {
  key: string;
  value: string;
}

/** What is being typed at the caret, if it is a value. */
export function typedAt(query: string, caret: number): Typed | undefined {
  const [, key, values = ''] = /^-?([a-z]+):(.*)$/is.exec(query.slice(startOfWord(query.slice(0, caret)), caret)) ?? [];
  if (!key) return undefined;
  return { key: key.toLowerCase(), value: values.slice(values.lastIndexOf(',') + 1).replaceAll('"', '') };
}

/** Suggests keys, and behind a key its values, by what stands before the caret. */
export function suggest(query: string, caret: number, sources: Sources): Suggestion[] {
  const start = startOfWord(query.slice(0, caret));
  const end = caret + (/^[^\s"]*/.exec(query.slice(caret))?.[0].length ?? 0);
  const typed = query.slice(start, caret);
  const [, minus = '', rest = ''] = /^(-?)(.*)$/s.exec(typed) ?? [];
  if (rest === '') return [];
  const colon = rest.indexOf(':');
  const complete = (words: string[], before: string, after: string, part: string, known: Meanings) =>
    words
      .filter(
        (word) =>
          word !== part && word.replaceAll('"', '').toLowerCase().startsWith(part.replaceAll('"', '').toLowerCase()),
      )
      .slice(0, most)
      .map((word) => {
        const line = `${query.slice(0, start)}${minus}${before}${word}${after}`;
        const more = query.slice(end);
        // A value is done: what comes next is another word.
        const gap = after === ':' || more.startsWith(' ') ? '' : ' ';
        return {
          word,
          meaning: known(word),
          query: `${line}${gap}${more}`,
          caret: line.length + (after === ':' ? 0 : 1),
        };
      });
  if (colon < 0) return complete(keysFor(sources.staff), '', ':', rest, meaningOfKey);
  const key = rest.slice(0, colon).toLowerCase();
  if (!keysFor(sources.staff).includes(key)) return [];
  const comma = rest.lastIndexOf(',');
  const from = comma > colon ? comma + 1 : colon + 1;
  return complete(valuesOf(key, sources), rest.slice(0, from), '', rest.slice(from), (word) => meaningOf(key, word));
}

type Meanings = (word: string) => string;

/** Where the word begins that ends here: behind the last blank that is not quoted. */
function startOfWord(before: string): number {
  let start = 0;
  let quoted = false;
  for (let at = 0; at < before.length; at++) {
    if (before[at] === '"') quoted = !quoted;
    else if (!quoted && /\s/.test(before[at] ?? '')) start = at + 1;
  }
  return start;
}

function valuesOf(key: string, { applications, staff, known }: Sources): string[] {
  switch (key) {
    case 'is':
      return isValuesFor(staff);
    case 'type':
      return typeValues;
    case 'priority':
      return [...priorityValues, '>=high'];
    case 'in':
      return inValues;
    case 'sla':
      return slaValues;
    case 'sort':
      return sortValues;
    case 'assignee':
      return ['@me', 'none', ...values(known?.people)];
    case 'org':
      return values(known?.organizations);
    case 'team':
      return values(known?.teams);
    case 'requester':
    case 'cc':
      return ['@me'];
    case 'created':
    case 'updated':
      return ['-1d', '>-7d', '>-30d'];
    case 'app':
      return values((known?.applications ?? applications).map(({ name }) => name));
    case 'env':
      return values(
        (known?.applications ?? applications).flatMap(({ environments }) => environments.map(({ name }) => name)),
      );
    default:
      return [];
  }
}

/** Names as values: quoted where blanks or commas are in them. */
function values(names: string[] = []): string[] {
  const plain = names.map((name) => name.replaceAll('"', '').toLowerCase());
  return [...new Set(plain)].map((name) => (/[\s,]/.test(name) ? `"${name}"` : name)).sort();
}

const keyNames: Record<string, string> = ticketText.list.keys;
const valueNames: Record<string, string> = ticketText.list.values;

export function meaningOfKey(key: string): string {
  return keyNames[key] ?? '';
}

function meaningOf(key: string, value: string): string {
  if (key === 'type') return ticketText.ticket.types[value as keyof typeof ticketText.ticket.types];
  if (key === 'priority' && value in ticketText.ticket.priorities)
    return ticketText.ticket.priorities[value as keyof typeof ticketText.ticket.priorities];
  return ['app', 'env', 'org', 'team'].includes(key) ? '' : (valueNames[value] ?? '');
}
