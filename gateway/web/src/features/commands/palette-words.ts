/** Whether every word begins somewhere in the title, whatever the case and the accents. */
export function matches(title: string, typed: string): boolean {
  const within = plain(title);
  return plain(typed)
    .split(/\s+/)
    .every((word) => within.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

/** The query for tickets with these words in their subject; "" when there are none. */
export function subjectQuery(typed: string): string {
  const words = typed
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean)
    .slice(0, 10);
  return words.length > 0 ? `in:subject ${words.map((word) => `"${word}"`).join(' ')}` : '';
}
