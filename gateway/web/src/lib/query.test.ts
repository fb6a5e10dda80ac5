import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysFor, parseQuery, type Query, QueryError, withoutPart } from './query.ts';

interface Vector {
  query: string;
  members?: boolean;
  zone?: string;
  error?: string;
  terms?: unknown[];
  sort?: string;
  issues?: unknown[];
}

// The server's own file, not a copy: what both must do.
const file = path.join(import.meta.dirname, '../../../../services/ticket/internal/query/testdata/vectors.json');
const { now, vectors } = JSON.parse(fs.readFileSync(file, 'utf8')) as { now: string; vectors: Vector[] };

/** As the file has it: nothing that is zero, no empty lists, instants without fractions. */
function written({ terms, sort, issues }: Pick<Query, 'terms' | 'sort' | 'issues'>): object {
  const plain = JSON.parse(JSON.stringify({ terms, issues }), (_, value) => {
    if (typeof value === 'string') return value.replace(/T(\d\d:\d\d:\d\d)\.000Z$/, 'T$1Z');
    return value === 0 ? undefined : value;
  });
  // An issue at the very beginning has the offset 0, which is written.
  plain.issues.forEach((issue: { offset?: number }) => {
    issue.offset ??= 0;
  });
  return {
    ...(plain.terms.length > 0 && { terms: plain.terms }),
    ...(sort && { sort }),
    ...(plain.issues.length > 0 && { issues: plain.issues }),
  };
}

describe('parseQuery', () => {
  it('has vectors to run', () => expect(vectors.length).toBeGreaterThan(50));

  it.each(vectors)('reads $query as the server does', ({ query, members, zone = 'UTC', error, ...want }) => {
    const read = () => parseQuery(query, { now: new Date(now), zone, staff: !members });
    if (error) expect(read).toThrowError(new QueryError(error as QueryError['reason']));
    else expect(written(read())).toEqual(want);
  });

  it('names every part with its place, understood or not', () => {
    const query = '\u{1f600}x  -app:"Acme Shop" prioritty:high #7';
    const { parts } = parseQuery(query, { now: new Date(now), zone: 'UTC', staff: false });
    const points = Array.from(query);
    for (const part of parts) expect(points.slice(part.offset, part.offset + part.length).join('')).toBe(part.text);
    expect(parts.map(({ key, value, negated, wrong }) => [key, value, negated, wrong])).toEqual([
      [undefined, '\u{1f600}x', false, false],
      ['app', 'Acme Shop', true, false],
      ['prioritty', 'high', false, true],
      [undefined, '#7', false, false],
    ]);
  });

  it('knows tags of staff only', () => {
    expect(keysFor(true)).toContain('tag');
    expect(keysFor(false)).not.toContain('tag');
  });
});

describe('withoutPart', () => {
  it.each([
    ['a b c', 0, 1, 'b c'],
    ['a  b   c', 3, 1, 'a c'],
    ['a b', 2, 1, 'a'],
    ['\u{1f600} b', 0, 1, 'b'],
    ['a', 0, 1, ''],
  ])('takes from %j the part at %i', (query, offset, length, want) => {
    expect(withoutPart(query, { offset, length })).toBe(want);
  });
});
