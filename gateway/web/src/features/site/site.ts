import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client.ts';
import type { Site } from '../../api/types.ts';

/** What is known of this installation before anybody has logged in. */
export const siteQuery = queryOptions({
  queryKey: ['site'],
  staleTime: Number.POSITIVE_INFINITY,
  // Without the signal, or a page that goes away while the router waits for this would end it for the router, too.
  queryFn: async (): Promise<Site> => {
    const site = data(await api.GET('/v1/site'));
    remember(site.emergencyAddress);
    return site;
  },
});

const storageKey = 'altis.emergencyAddress';

// Pages that report an outage show the address too, when nothing can be asked any more.
function remember(address: string): void {
  try {
    localStorage.setItem(storageKey, address);
  } catch {
    // Storage is blocked: those pages do without.
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(storageKey) ?? '';
  } catch {
    return '';
  }
}

/** The mailbox of last resort, "" where there is none. */
export function useEmergencyAddress(): string {
  return useQuery(siteQuery).data?.emergencyAddress ?? remembered();
}
