/** Reads pages until there are no more. */
export async function readAll<T>(read: (pageToken: string) => Promise<[T[], string | undefined]>): Promise<T[]> {
  const found: T[] = [];
  let token: string | undefined = '';
  do {
    const [page, next]: [T[], string | undefined] = await read(token);
    found.push(...page);
    token = next;
  } while (token);
  return found;
}
