// A suggestion may differ by this many letters, at most half of its own.
const maxDistance = 2;
const maxSuggestions = 3;

/** Words that differ by few letters, the nearest first. */
export function nearest(word: string, valid: string[]): string[] {
  return valid
    .map((candidate) => ({ candidate, distance: distance(Array.from(word), Array.from(candidate)) }))
    .filter(({ candidate, distance }) => distance <= maxDistance && 2 * distance <= candidate.length)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, maxSuggestions)
    .map(({ candidate }) => candidate);
}

/** The nearest words, or all when none is near. */
export function nearestOrAll(word: string, valid: string[]): string[] {
  const near = nearest(word, valid);
  return near.length > 0 ? near : valid;
}

/** The number of letters to insert, delete or replace. */
function distance(a: string[], b: string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  a.forEach((letter, i) => {
    const next = [i + 1];
    b.forEach((other, j) => {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    });
    row = next;
  });
  return row.at(-1) ?? 0;
}
