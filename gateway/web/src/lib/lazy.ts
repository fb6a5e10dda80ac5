/**
 * A value that is made when it is first asked for. Browsers read the data of all languages and zones for the first thing of
 * Intl, which takes longer than drawing a page.
 */
export function lazy<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
