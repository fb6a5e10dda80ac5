import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';
import { api, data } from '../../api/client.ts';
import type { Activity, PersonPresence } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Icon } from '../../ui/icon.tsx';
import { loggedOut } from '../session/session.ts';
import { useLive } from './live.ts';

/** Well before the server takes somebody for gone. */
const reportEvery = 15_000;
/** How long after the last key somebody still writes. */
const writesFor = 20_000;

/** Tells this page from others that the same person has open. */
const page = crypto.randomUUID();
let reported = 0;

/** Reports are counted: what is said of leaving may overtake what was said before. */
const report = async (ticket: string, activity: Activity, more: Pick<RequestInit, 'signal' | 'keepalive'>) => {
  const body = { activity, page, sequence: String(++reported) };
  return data(await api.POST('/v1/tickets/{ticket}:presence', { params: { path: { ticket } }, body, ...more }))
    .people as PersonPresence[];
};

/** Tells colleagues that one is at a ticket, and hears who else is there. */
export function usePresence(number: string): { people: PersonPresence[]; typed: () => void } {
  const lastKey = useRef(0);
  const writes = useCallback(() => Date.now() - lastKey.current < writesFor, []);
  const { data: people, refetch } = useQuery({
    queryKey: ['presence', number],
    queryFn: ({ signal }) => report(number, writes() ? 'ACTIVITY_TYPING' : 'ACTIVITY_VIEWING', { signal }),
    refetchInterval: reportEvery, // while the page is in the foreground
    staleTime: 0,
    gcTime: 0,
  });
  useLive({
    onTicket: () => undefined,
    onResync: () => undefined,
    onPresence: (ticket) => ticket === number && refetch(),
  });
  useEffect(() => {
    // A courtesy: who could not say it counts as gone after a while.
    const leave = () => {
      if (!loggedOut()) report(number, 'ACTIVITY_LEFT', { keepalive: true }).catch(() => undefined);
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [number]);
  const typed = () => {
    const before = writes();
    lastKey.current = Date.now();
    if (!before) refetch();
  };
  return { people: people ?? [], typed };
}

/** Who else is at the ticket, so that two do not answer it at once. */
export function Present({ people }: { people: PersonPresence[] }) {
  const say = staffText.presence;
  return (
    <div role="status">
      <ul className="present" aria-label={say.title}>
        {people.map(({ person, activity }) => (
          <li key={person.id} data-writes={activity === 'ACTIVITY_TYPING' || undefined}>
            <Icon name="user" size={16} />
            {activity === 'ACTIVITY_TYPING' ? say.writes(person.name) : say.looks(person.name)}
          </li>
        ))}
      </ul>
    </div>
  );
}
