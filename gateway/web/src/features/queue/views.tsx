import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react';
import { staffText } from '../../lib/text.staff.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { type Count, countText } from '../tickets/count.ts';
import { useCounts } from './counts.ts';
import { sameQuery } from './filter.ts';
import { grouped, isShown, searchOf, viewsQuery } from './saved-views.ts';
import { views as builtIn, type QueueSearch, type ViewName } from './search.ts';

const SaveView = lazy(() => import('./save-view.tsx'));
const ManageViews = lazy(() => import('./manage-views.tsx'));

type What = Pick<QueueSearch, 'q' | 'order'>;

const say = staffText.views;
const names = Object.keys(builtIn) as ViewName[];

interface Props {
  search: What;
  /** Whether there is time to count: the list goes first. */
  counted: boolean;
}

/** The views that everybody has, the person's own, and the shared ones, with how many tickets each has. */
export function Views({ search, counted }: Props) {
  const { data: saved = [] } = useQuery(viewsQuery);
  const { own, shared } = grouped(saved);
  const filters = [...names.map((name) => builtIn[name].q), ...saved.map(({ filter }) => filter)];
  const counts = useCounts(counted ? filters : []);
  const current = builtInShown(search);
  const nav = useRef<HTMLElement>(null);
  // On a phone they are one line, of which the view that is shown must be seen.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another view is shown
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && link)
      nav.current.scrollLeft = link.offsetLeft - (nav.current.clientWidth - link.offsetWidth) / 2;
  }, [search.q, search.order, saved]);
  return (
    <nav className="tabs views" aria-label={staffText.queue.views} ref={nav}>
      {names.map((name) => (
        <ViewLink
          key={name}
          name={staffText.queue.viewNames[name]}
          to={builtIn[name]}
          shown={name === current}
          count={counts.get(builtIn[name].q)}
        />
      ))}
      {[...own, ...shared].map((view) => (
        <ViewLink
          key={view.id}
          name={view.name}
          to={searchOf(view)}
          shown={!current && isShown(view, search)}
          count={counts.get(view.filter)}
          shared={view.shared}
        />
      ))}
    </nav>
  );
}

function builtInShown(search: What): ViewName | undefined {
  return names.find((name) => sameQuery(search.q, builtIn[name].q) && search.order === builtIn[name].order);
}

/** Saves what is shown as a view, unless it is one, and changes those that there are. */
export function ViewActions({ search }: { search: What }) {
  const { data: saved } = useQuery(viewsQuery);
  const [dialog, setDialog] = useState<'save' | 'manage'>();
  const close = () => setDialog(undefined);
  const isNew = saved && !builtInShown(search) && !saved.some((view) => isShown(view, search));
  return (
    <>
      {isNew && (
        <Button icon="plus" onClick={() => setDialog('save')}>
          {say.save}
        </Button>
      )}
      {saved && saved.length > 0 && <Button onClick={() => setDialog('manage')}>{say.manage}</Button>}
      <Suspense>
        {dialog === 'save' && <SaveView search={search} onClose={close} />}
        {dialog === 'manage' && <ManageViews search={search} onClose={close} />}
      </Suspense>
    </>
  );
}

interface LinkProps {
  name: string;
  to: What;
  shown: boolean;
  count: Count | undefined;
  shared?: boolean;
}

function ViewLink({ name, to, shown, count, shared = false }: LinkProps) {
  const id = useId();
  const told = [count && say.count(count.n, countText(count)), shared && say.sharedHint].filter(Boolean).join(', ');
  return (
    <Link
      to="/queue"
      search={to}
      aria-current={shown ? 'page' : undefined}
      activeOptions={{ exact: true }}
      aria-describedby={told ? id : undefined}
      title={shared ? say.sharedHint : undefined}
    >
      {shared && <Icon name="user" size={14} />}
      <span className="view-name">{name}</span>
      <span className="view-count" aria-hidden="true">
        {count ? countText(count) : ''}
      </span>
      {told && (
        <span id={id} hidden>
          {told}
        </span>
      )}
    </Link>
  );
}
