/** Reads and changes the text of a query, so that chips and text are two looks at the same thing. */

interface Part {
  key: string; // "" of words
  values: string[];
  text: string; // as it was typed
}

/** The terms of a query; quotes keep blanks together. */
function partsOf(q: string): Part[] {
  const texts = q.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
  return texts.map((text) => {
    const [, key = '', list = ''] = /^([a-z]+):(.*)$/i.exec(text) ?? [];
    return { key: key.toLowerCase(), values: key ? valuesIn(list) : [], text };
  });
}

function valuesIn(list: string): string[] {
  const values = list.match(/(?:"[^"]*"?|[^,"])+/g) ?? [];
  return values.map((value) => value.replaceAll('"', '')).filter(Boolean);
}

/** A value as a query has it: in quotes where it has blanks, commas or quotes, which cannot be in quotes. */
function quoted(value: string): string {
  return /[\s,]/.test(value) ? `"${value.replaceAll('"', '')}"` : value.replaceAll('"', '');
}

const lower = (value: string) => value.toLowerCase();

/** What a chip stands for: a key, and where several chips share one, which of its values. */
export interface Facet {
  key: string;
  only?: readonly string[];
}

function belongs(part: Part, { key, only }: Facet): boolean {
  return part.key === key && part.values.length > 0 && (!only || part.values.every((v) => only.includes(lower(v))));
}

/** The chosen values of a facet. */
export function chosenIn(q: string, facet: Facet): string[] {
  return partsOf(q)
    .filter((part) => belongs(part, facet))
    .flatMap((part) => part.values);
}

/** The query with other values of a facet, at the place where it had some; any of them will do. */
export function choose(q: string, facet: Facet, values: string[]): string {
  const term = values.length > 0 ? `${facet.key}:${values.map(quoted).join(',')}` : '';
  return put(q, facet, term ? [term] : []);
}

/** The query in which each of the values has to be true, which takes a term each. */
export function chooseAll(q: string, facet: Facet, values: string[]): string {
  return put(
    q,
    facet,
    values.map((value) => `${facet.key}:${quoted(value)}`),
  );
}

function put(q: string, facet: Facet, terms: string[]): string {
  const parts = partsOf(q);
  const first = parts.findIndex((part) => belongs(part, facet));
  const texts = parts.flatMap((part, index) => {
    if (index === first) return terms;
    return belongs(part, facet) ? [] : [part.text];
  });
  return (first < 0 ? [...texts, ...terms] : texts).join(' ');
}

/** Whether two queries are the same but for blanks and the order of their terms. */
export function sameQuery(a: string, b: string): boolean {
  const normal = (q: string) =>
    partsOf(q)
      .map((part) => lower(part.text))
      .sort()
      .join(' ');
  return normal(a) === normal(b);
}
