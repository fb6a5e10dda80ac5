import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { api, data } from '../../api/client.ts';
import type { StaffNotice, Ticket } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { Icon } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { useSelf } from '../session/session.ts';
import { useLive } from '../tickets/live.ts';
import { type News, newsFound, newsOf, newsOfMail, withMissed, withNews } from './news.ts';

const say = staffText.bell;

/** How often what tickets do not tell is asked for, in milliseconds. */
const often = 60_000;

/** New tickets and words of customers, as they come, and what became of mails. It counts, and takes no focus. */
export function Bell() {
  const self = useSelf();
  const id = useId();
  const [list, setList] = useState<News[]>([]);
  const [latest, setLatest] = useState<News>();
  const [seen, setSeen] = useState(() => readSeen(self.id));
  const known = useRef(new Map<string, Ticket>());

  const client = useQueryClient();
  const queryKey = ['news', self.id];
  const { data: earlier } = useQuery({ queryKey, staleTime: 60_000, queryFn: missed });
  useEffect(() => {
    if (earlier) setList((old) => withMissed(old, earlier));
  }, [earlier]);
  const { data: mails } = useQuery({
    queryKey: [...queryKey, 'mails'],
    staleTime: often,
    refetchInterval: often,
    queryFn: ofMails,
  });
  const told = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (!mails) return;
    setList((old) => withMissed(old, mails));
    const fresh = told.current && mails.find(({ id }) => !told.current?.has(id));
    if (fresh) setLatest(fresh);
    told.current = new Set(mails.map(({ id }) => id));
  }, [mails]);
  useLive({
    onTicket(ticket) {
      const one = newsOf(ticket, self.id, known.current);
      known.current.set(ticket.number, ticket);
      if (one) {
        setList((old) => withNews(old, one));
        setLatest(one);
      } else if (!ticket.unread) setList((old) => old.filter((was) => was.id !== ticket.number));
    },
    onRemoved: (number) => setList((old) => old.filter(({ ticket }) => ticket !== number)),
    onResync: () => client.invalidateQueries({ queryKey }),
  });

  const fresh = list.filter(({ at }) => Date.parse(at) > seen).length;
  return (
    <div className="bell">
      <button
        type="button"
        className="plain bell-button"
        popoverTarget={id}
        aria-label={say.label(fresh)}
        title={say.label(fresh)}
      >
        <Icon name="bell" size={20} />
        {fresh > 0 && (
          <span className="bell-count" aria-hidden="true">
            {fresh}
          </span>
        )}
      </button>
      <span role="status" className="hidden">
        {latest && `${say.kinds[latest.kind]}: ${subjectOf(latest)}`}
      </span>
      <section
        id={id}
        popover="auto"
        className="bell-list"
        aria-label={say.title}
        onToggle={(event) => {
          if (event.newState !== 'closed') return;
          const now = Date.now();
          writeSeen(self.id, now);
          setSeen(now);
        }}
      >
        <h2>{say.title}</h2>
        {list.length === 0 ? (
          <p className="muted">{say.nothing}</p>
        ) : (
          <ul>
            {list.map((one) => (
              <li key={one.id} data-fresh={Date.parse(one.at) > seen || undefined}>
                <Subject
                  of={one}
                  onFollow={() => {
                    document.getElementById(id)?.hidePopover();
                    if (one.id === one.ticket) setList((old) => old.filter(({ id }) => id !== one.id));
                  }}
                >
                  <span className="muted small">
                    {[say.kinds[one.kind], one.ticket && `#${one.ticket}`, one.from].filter(Boolean).join(' · ')}
                  </span>
                  <span className="subject">{subjectOf(one)}</span>
                  <span className="muted small">
                    <Time at={one.at} />
                  </span>
                </Subject>
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

const subjectOf = ({ subject, mails }: News) => (mails === undefined ? subject : say.held(mails));

interface SubjectProps {
  of: News;
  onFollow: () => void;
  children: ReactNode;
}

/** The way to what news are about: a ticket, else the quarantine. */
function Subject({ of: { ticket }, onFollow, children }: SubjectProps) {
  return ticket ? (
    <Link to="/tickets/$number" params={{ number: ticket }} preload={false} onClick={onFollow}>
      {children}
    </Link>
  ) : (
    <Link to="/mail/{-$tab}" params={{ tab: 'quarantine' }} preload={false} onClick={onFollow}>
      {children}
    </Link>
  );
}

/** What became of mails within the last day, as far as it concerns the viewer. */
async function ofMails({ signal }: { signal: AbortSignal }): Promise<News[]> {
  const query = { kinds: ['KIND_MAIL_RETURNED', 'KIND_MAIL_HELD'] satisfies StaffNotice['kind'][], pageSize: 10 };
  const { notices } = data(await api.GET('/v1/me/notices', { params: { query }, signal }));
  return (notices as StaffNotice[]).map(newsOfMail);
}

/** What came while nobody looked: unread words in one's own tickets, and of the last day in nobody's, and new ones. */
async function missed({ signal }: { signal: AbortSignal }): Promise<News[]> {
  const find = async (filter: string) => {
    const query = { filter, pageSize: 10 };
    return data(await api.GET('/v1/tickets', { params: { query }, signal })).tickets as Ticket[];
  };
  const [own, nobodys, fresh] = await Promise.all([
    find('is:open is:unread assignee:@me'),
    find('is:open is:unread assignee:none updated:>-1d'),
    find('is:new is:unread created:>-1d'),
  ]);
  return newsFound(own, nobodys, fresh);
}

const storageKey = (self: string) => `altis.bellSeen.${self}`;

// Storage that is blocked costs no more than a count that begins anew.
function readSeen(self: string): number {
  try {
    return Number(localStorage.getItem(storageKey(self)));
  } catch {
    return 0;
  }
}

function writeSeen(self: string, at: number): void {
  try {
    localStorage.setItem(storageKey(self), String(at));
  } catch {
    // as above
  }
}
