import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Member, Organization, Staff } from '../../api/types.ts';

/** Who is logged in. */
export interface Self {
  id: string;
  name: string;
  email: string;
  staff: boolean;
  organization: Organization | undefined; // staff have none
  /** Of a member who is limited to some applications. */
  limited: boolean;
  locale: string;
  timeZone: string;
}

export const selfQuery = queryOptions({
  queryKey: ['self'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async ({ signal }): Promise<Self> => {
    const self = data(await api.GET('/v1/me', { signal }));
    const person = (self.member ?? self.staff) as Member | Staff;
    return {
      id: person.id,
      name: person.name,
      email: person.email,
      staff: self.staff !== undefined,
      organization: self.organization as Organization | undefined,
      limited: (self.member?.applications ?? []).length > 0,
      locale: person.locale,
      timeZone: person.timeZone,
    };
  },
});

/** Who is logged in, on pages that only they reach. */
export function useSelf(): Self {
  const { data: self } = useQuery(selfQuery);
  if (!self) throw new Error('nobody is logged in');
  return self;
}

let left = false;

/** Whether this page has logged out: what it would still say on leaving is refused. */
export const loggedOut = () => left;

export async function logIn(email: string, password: string): Promise<void> {
  await api.POST('/v1/auth/login', { body: { email, password } });
  left = false;
}

export async function logOut(): Promise<void> {
  await api.POST('/v1/auth/logout');
  left = true;
  takeBrowser('');
}

const personKey = 'altis.person';

/** Tells the other tabs whose session this browser has now. Where storage is blocked they find out by themselves. */
export function takeBrowser(person: string): void {
  try {
    localStorage.setItem(personKey, person);
  } catch {
    // as above
  }
}

/** Loads the page anew when the browser is somebody else's: they must not send what this person has typed. */
export function leaveToOthers(person: string): () => void {
  const hear = (event: StorageEvent) => {
    if (event.key === personKey && event.newValue !== person) window.location.reload();
  };
  window.addEventListener('storage', hear);
  return () => window.removeEventListener('storage', hear);
}
