import { nearest, nearestOrAll } from './nearest.ts';
import { cutOperator, readDates, readTimeLeft } from './query-dates.ts';

/**
 * The query language of lists, as the server reads it: both run the vectors beside the server's parser.
 *
 *     is:open type:incident,problem priority:>=high -app:shop "payment error" #42
 *     number:42,43
 *     sla:<1h sort:created-asc
 *
 * Whatever is not understood is reported with its place and left out; the rest runs. Places count code points.
 */
export interface Query {
  terms: Term[];
  /** The order that it names. */
  sort?: string;
  issues: Issue[];
  /** Every part between blanks, understood or not, in the order of the text. */
  parts: Part[];
}

export interface Part {
  offset: number;
  length: number;
  text: string;
  negated: boolean;
  key?: string; // lower case, of `key:value`
  value?: string; // without quotes
  wrong: boolean; // some of it was not understood
}

export interface Term {
  key: string;
  negated?: boolean;
  values: Value[];
}

export interface Value {
  text?: string;
  min?: number;
  max?: number;
  from?: Date;
  to?: Date;
}

export interface Issue {
  offset: number;
  length: number;
  reason: Reason;
  suggestions?: string[];
}

export type Reason =
  | 'UNKNOWN_KEY'
  | 'UNKNOWN_VALUE'
  | 'EMPTY_VALUE'
  | 'INVALID_DATE'
  | 'INVALID_TIME_LEFT'
  | 'INVALID_NUMBER'
  | 'NO_WORDS'
  | 'NOT_NEGATABLE'
  | 'SECOND_SORT';

/** Why a whole query is refused. */
export class QueryError extends Error {
  readonly reason: 'QUERY_TOO_LONG' | 'QUERY_TOO_COMPLEX';

  constructor(reason: QueryError['reason']) {
    super(reason);
    this.reason = reason;
  }
}

export interface Options {
  now: Date; // what relative dates count from
  zone: string; // whose days dates are
  staff: boolean; // members have no tags and teams, and see nothing hidden
}

export const maxLength = 500;
export const maxTerms = 20;

const isValues = [
  'open',
  'closed',
  'new',
  'pending',
  'on-hold',
  'solved',
  'unassigned',
  'breached',
  'unread',
  'urgent-paged',
];
const hiddenValues = ['spam', 'deleted'];
export const typeValues = ['incident', 'problem', 'task', 'question'];
export const priorityValues = ['low', 'normal', 'high', 'urgent'];
export const inValues = ['subject', 'body'];
export const slaValues = ['<1h', '>30m', 'breached']; // of which all times are like the first two
export const sortValues = ['updated-desc', 'updated-asc', 'created-desc', 'created-asc', 'priority-desc', 'due'];

const allKeys = [
  'is',
  'type',
  'priority',
  'app',
  'env',
  'assignee',
  'team',
  'requester',
  'cc',
  'org',
  'tag',
  'sla',
  'created',
  'updated',
  'number',
  'in',
  'sort',
];

const staffKeys = ['tag', 'team'];

export function keysFor(staff: boolean): string[] {
  return staff ? allKeys : allKeys.filter((key) => !staffKeys.includes(key));
}

export function isValuesFor(staff: boolean): string[] {
  return staff ? [...isValues, ...hiddenValues] : isValues;
}

/** Reads a query; throws a QueryError if it is too long. */
export function parseQuery(text: string, options: Options): Query {
  const points = Array.from(text);
  if (points.length > maxLength) throw new QueryError('QUERY_TOO_LONG');
  const words = split(points);
  if (words.length > maxTerms) throw new QueryError('QUERY_TOO_COMPLEX');
  return new Parser(options).parse(words);
}

/** A part of a query with its place. */
interface Word {
  offset: number;
  points: string[];
}

const from = (word: Word, start: number): Word => ({ offset: word.offset + start, points: word.points.slice(start) });
const textOf = (word: Word) => word.points.join('');
const unquoted = (word: Word) => textOf(word).replaceAll('"', '');
const lowered = (word: Word) => unquoted(word).toLowerCase();

const blank = /\p{White_Space}/u;

/** Cuts at blanks that are not quoted. A quote that is never closed lasts to the end. */
function split(points: string[]): Word[] {
  const words: Word[] = [];
  let start = -1;
  let quoted = false;
  const end = (at: number) => {
    if (start >= 0) words.push({ offset: start, points: points.slice(start, at) });
    start = -1;
  };
  points.forEach((point, at) => {
    if (point === '"') quoted = !quoted;
    if (blank.test(point) && !quoted) end(at);
    else if (start < 0) start = at;
  });
  end(points.length);
  return words;
}

/** Cuts `key:value`. A key has letters only: "12:30" is text, and so is an address of the web. */
function cutKey(word: Word): { key: Word; value: Word } | undefined {
  const [, name = ''] = /^([A-Za-z]+):(?!\/\/)/.exec(textOf(word)) ?? [];
  if (!name) return undefined;
  return {
    key: { offset: word.offset, points: word.points.slice(0, name.length) },
    value: from(word, name.length + 1),
  };
}

/** Cuts at commas that are not quoted. */
function splitValues(word: Word): Word[] {
  const values: Word[] = [];
  let start = 0;
  let quoted = false;
  word.points.forEach((point, at) => {
    if (point === '"') quoted = !quoted;
    if (point === ',' && !quoted) {
      values.push({ offset: word.offset + start, points: word.points.slice(start, at) });
      start = at + 1;
    }
  });
  return [...values, from(word, start)];
}

class Parser {
  readonly options: Options;
  readonly #terms: Term[] = [];
  readonly #issues: Issue[] = [];
  #place = 'text'; // where text is looked for
  #sort = '';

  constructor(options: Options) {
    this.options = options;
  }

  parse(words: Word[]): Query {
    const parts = words.map((word) => this.#part(word));
    const terms = this.#terms.map((term) => (term.key === 'text' ? { ...term, key: this.#place } : term));
    return { terms, ...(this.#sort && { sort: this.#sort }), issues: this.#issues, parts };
  }

  #part(whole: Word): Part {
    const negated = whole.points.length > 1 && whole.points[0] === '-';
    const word = negated ? from(whole, 1) : whole;
    const cut = cutKey(word);
    const before = this.#issues.length;
    if (cut) this.#keyed(whole, negated, cut.key, cut.value);
    else if (word.points[0] === '#') this.#number(whole, negated, textOf(from(word, 1)));
    else this.#text(whole, negated, word);
    return {
      offset: whole.offset,
      length: whole.points.length,
      text: textOf(whole),
      negated,
      ...(cut && { key: lowered(cut.key) }),
      value: unquoted(cut?.value ?? word),
      wrong: this.#issues.length > before,
    };
  }

  #issue({ offset, points }: Word, reason: Reason, suggestions: string[] = []): undefined {
    this.#issues.push({ offset, length: points.length, reason, ...(suggestions.length > 0 && { suggestions }) });
  }

  #term(key: string, negated: boolean, values: Value[]): void {
    this.#terms.push({ key, ...(negated && { negated }), values });
  }

  #text(whole: Word, negated: boolean, word: Word): void {
    // The words, without punctuation, by single blanks.
    const words = unquoted(word)
      .split(/[^\p{L}\p{N}\p{M}]+/u)
      .filter(Boolean)
      .join(' ');
    if (words) this.#term('text', negated, [{ text: words }]);
    else this.#issue(whole, 'NO_WORDS');
  }

  #number(whole: Word, negated: boolean, digits: string): void {
    const value = readNumber(digits);
    if (value) this.#term('number', negated, [value]);
    else this.#issue(whole, 'INVALID_NUMBER');
  }

  #keyed(whole: Word, negated: boolean, key: Word, value: Word): void {
    const name = lowered(key);
    const keys = keysFor(this.options.staff);
    if (!keys.includes(name)) {
      this.#issue(key, 'UNKNOWN_KEY', nearest(name, keys));
      return;
    }
    const values: Value[] = [];
    const understood: Word[] = [];
    for (const part of splitValues(value)) {
      if (unquoted(part) === '') {
        this.#issue(part.points.length > 0 ? part : whole, 'EMPTY_VALUE');
        continue;
      }
      const read = this.#value(name, part);
      if (!read) continue;
      values.push(read);
      understood.push(part);
    }
    if (values.length === 0) return;
    if (name !== 'in' && name !== 'sort') this.#term(name, negated, values);
    else if (negated) this.#issue(whole, 'NOT_NEGATABLE');
    else if (name === 'in') this.#place = placeOf(values);
    else for (const part of understood) this.#sortBy(part);
  }

  /** Takes an order, unless there is one: a list has one. */
  #sortBy(part: Word): void {
    if (this.#sort) this.#issue(part, 'SECOND_SORT');
    else this.#sort = lowered(part);
  }

  #value(key: string, word: Word): Value | undefined {
    switch (key) {
      case 'is':
        return this.#oneOf(isValuesFor(this.options.staff), word);
      case 'type':
        return this.#oneOf(typeValues, word);
      case 'in':
        return this.#oneOf(inValues, word);
      case 'sort':
        return this.#oneOf(sortValues, word);
      case 'sla':
        if (lowered(word) === 'breached') return { text: 'breached' };
        return readTimeLeft(lowered(word)) ?? this.#issue(word, 'INVALID_TIME_LEFT', slaValues);
      case 'priority':
        return this.#priority(word);
      case 'created':
      case 'updated':
        return readDates(lowered(word), this.options.now, this.options.zone) ?? this.#issue(word, 'INVALID_DATE');
      case 'number':
        return readNumber(unquoted(word)) ?? this.#issue(word, 'INVALID_NUMBER');
      case 'assignee':
        // Members name staff by id only: that an address finds something would tell whose it is.
        if (!this.options.staff && lowered(word) !== '@me' && lowered(word).includes('@'))
          return this.#issue(word, 'UNKNOWN_VALUE', ['@me', 'none']);
        return { text: lowered(word) };
      default:
        return { text: lowered(word) };
    }
  }

  #oneOf(valid: string[], word: Word): Value | undefined {
    const text = lowered(word);
    return valid.includes(text) ? { text } : this.#issue(word, 'UNKNOWN_VALUE', nearestOrAll(text, valid));
  }

  #priority(word: Word): Value | undefined {
    const [operator, name] = cutOperator(lowered(word));
    const n = priorityValues.indexOf(name) + 1;
    if (n === 0) return this.#issue(word, 'UNKNOWN_VALUE', nearestOrAll(name, priorityValues));
    const urgent = priorityValues.length;
    const ranges: Record<string, Value> = {
      '>=': { min: n, max: urgent },
      '>': { min: n + 1, max: urgent },
      '<=': { min: 1, max: n },
      '<': { min: 1, max: n - 1 },
    };
    return ranges[operator] ?? { min: n, max: n };
  }
}

/** Turns the values of "in" into the key of text terms. */
function placeOf(values: Value[]): string {
  const places = new Set(values.map((value) => value.text));
  return places.size === 1 ? (values[0]?.text ?? 'text') : 'text';
}

/** A ticket's number: digits only, as many as the server can hold. */
function readNumber(digits: string): Value | undefined {
  if (!/^[0-9]+$/.test(digits) || BigInt(digits) <= 0n || BigInt(digits) >= 2n ** 63n) return undefined;
  return { min: Number(digits), max: Number(digits) };
}

/** The query without one of its parts. */
export function withoutPart(text: string, { offset, length }: Pick<Part, 'offset' | 'length'>): string {
  const points = Array.from(text);
  const before = points.slice(0, offset).join('').trimEnd();
  const after = points
    .slice(offset + length)
    .join('')
    .trimStart();
  return [before, after].filter(Boolean).join(' ');
}
