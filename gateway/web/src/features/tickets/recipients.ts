import type { Person, Ticket } from '../../api/types.ts';

export interface Recipient {
  name: string;
  email: string;
  requester: boolean;
}

/** Whom a reply is mailed to: the requester and the CCs, each address once, without who writes it. */
export function recipientsOf(
  { requester, ccs }: Pick<Ticket, 'requester' | 'ccs'>,
  author: Pick<Person, 'id' | 'email'>,
): Recipient[] {
  const seen = new Set([author.email.toLowerCase()]);
  const found: Recipient[] = [];
  const people = [...(requester ? [{ ...requester, asked: true }] : []), ...ccs.map((cc) => ({ ...cc, asked: false }))];
  for (const { id, name, email, asked } of people) {
    const key = email.trim().toLowerCase();
    if (!key || seen.has(key) || (id && id === author.id)) continue;
    seen.add(key);
    found.push({ name, email, requester: asked });
  }
  return found;
}
