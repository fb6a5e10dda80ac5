import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { SavedView } from '../../api/types.ts';
import { staffText } from '../../lib/text.staff.ts';
import { text } from '../../lib/text.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Modal } from '../../ui/modal.tsx';
import {
  besides,
  type Done,
  grouped,
  isShown,
  kept,
  moved,
  refusalOf,
  useSupervises,
  useViews,
  viewsQuery,
} from './saved-views.ts';
import type { QueueSearch } from './search.ts';
import { ViewForm } from './view-form.tsx';

type What = Pick<QueueSearch, 'q' | 'order'>;

const say = staffText.views;

/** Puts the views in order, and changes or removes them. */
export default function ManageViews({ search, onClose }: { search: What; onClose: () => void }) {
  const { data: views = [] } = useQuery(viewsQuery);
  const { own, shared } = grouped(views);
  const supervises = useSupervises();
  const [said, setSaid] = useState('');
  const focusSoon = useFocusSoon(views);
  const onDone = ({ what, view }: Done) => {
    setSaid(say[what](view.name));
    const rows = supervises ? [...own, ...shared] : own;
    focusSoon(view, what === 'removed' ? besides(rows, view.id)?.id : view.id);
  };
  const part = { search, onDone, onMoved: setSaid };
  return (
    <Modal title={say.manageTitle} onClose={onClose} look="wide">
      <p className="hidden" role="status">
        {said}
      </p>
      {views.length === 0 && <p className="muted">{say.none}</p>}
      <Group title={say.own} views={own} {...part} />
      <Group title={say.shared} views={shared} {...part} fixed={!supervises} />
      <div className="actions">
        <Button data-do="close" onClick={onClose}>
          {text.common.close}
        </Button>
      </div>
    </Modal>
  );
}

/**
 * What was pressed goes, with its row or alone, once the changed views are shown: then the focus moves to the view that is
 * named, or to the way out where there is none. Somebody who has gone on to another view stays there.
 */
function useFocusSoon(views: SavedView[]) {
  const wanted = useRef<() => void>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever views have changed
  useEffect(() => {
    wanted.current?.();
    wanted.current = undefined;
  }, [views]);
  return (changed: SavedView, to: string | undefined) => {
    wanted.current = () => {
      const at = document.activeElement?.closest<HTMLElement>('[data-view]')?.dataset.view;
      if (at && at !== changed.id) return;
      const target = to ? `[data-view="${to}"] [data-do="rename"]` : '[data-do="close"]';
      document.querySelector<HTMLElement>(target)?.focus();
    };
  };
}

interface GroupProps {
  title: string;
  views: SavedView[];
  search: What;
  onDone: (done: Done) => void;
  /** Says where a view is now to those who do not see it. */
  onMoved: (said: string) => void;
  /** Others change these. */
  fixed?: boolean;
}

function Group({ title, views, fixed = false, ...part }: GroupProps) {
  const { move } = useViews();
  const list = useRef<HTMLUListElement>(null);
  const focus = useRef(''); // the button that was pressed goes with its row, and would lose the focus
  const order = views.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever rows have moved
  useEffect(() => {
    if (focus.current) list.current?.querySelector<HTMLElement>(focus.current)?.focus();
    focus.current = '';
  }, [order]);
  if (views.length === 0) return null;
  const go = (view: SavedView, by: 1 | -1) => {
    const after = moved(views, view.id, by);
    if (after === views) return;
    focus.current = `[data-view="${view.id}"] [data-move="${by}"]`;
    part.onMoved(say.moved(view.name, after.findIndex(({ id }) => id === view.id) + 1, after.length));
    move.mutate({ before: views, after });
  };
  const arrow = (view: SavedView, index: number, by: 1 | -1) => (
    <button
      type="button"
      className={`plain move ${by < 0 ? 'up' : 'down'}`}
      data-move={by}
      aria-label={(by < 0 ? say.up : say.down)(view.name)}
      aria-disabled={(by < 0 ? index === 0 : index === views.length - 1) || undefined}
      onClick={() => go(view, by)}
    >
      <Icon name="chevron" size={16} />
    </button>
  );
  return (
    <section>
      <h3>{title}</h3>
      {fixed && <p className="muted small">{say.fixed}</p>}
      {move.error && (
        <Banner tone="danger" alert>
          {refusalOf(move.error)}
        </Banner>
      )}
      <ul className="view-list" ref={list} aria-label={title}>
        {views.map((view, index) => (
          <Row key={view.id} view={view} fixed={fixed} {...part}>
            {arrow(view, index, -1)}
            {arrow(view, index, 1)}
          </Row>
        ))}
      </ul>
    </section>
  );
}

interface RowProps extends Omit<GroupProps, 'title' | 'views' | 'onMoved'> {
  view: SavedView;
  /** The buttons that move it. */
  children: ReactNode;
}

function Row({ view, search, onDone, fixed, children }: RowProps) {
  const { update, remove } = useViews((done) => {
    setDoing(undefined);
    onDone(done);
  });
  const [doing, setDoing] = useState<'rename' | 'remove'>();
  const buttons = useRef<HTMLSpanElement>(null);
  const begin = (what: typeof doing) => {
    update.reset();
    remove.reset();
    setDoing(what);
  };
  /** What was opened goes; the focus returns to where it was opened. */
  const end = () => {
    buttons.current?.querySelector<HTMLElement>(`[data-do="${doing}"]`)?.focus();
    begin(undefined);
  };
  const error = update.error ?? remove.error;
  const what = (
    <span className="view-what">
      <span className="view-name">{view.name}</span>
      <code className="small muted">{view.filter || say.everything}</code>
    </span>
  );
  if (fixed) return <li data-view={view.id}>{what}</li>;
  return (
    <li data-view={view.id}>
      <div className="view-row">
        {what}
        <span className="view-buttons" ref={buttons}>
          {children}
          <Button look="quiet" data-do="rename" aria-label={say.renameOne(view.name)} onClick={() => begin('rename')}>
            {say.rename}
          </Button>
          {!isShown(view, search) && (
            <Button
              look="quiet"
              aria-label={say.replaceOne(view.name)}
              busy={update.isPending}
              onClick={() => update.mutate({ id: view.id, ...kept(search) })}
            >
              {say.replace}
            </Button>
          )}
          <Button look="quiet" data-do="remove" aria-label={say.removeOne(view.name)} onClick={() => begin('remove')}>
            {say.remove}
          </Button>
        </span>
      </div>
      {doing === 'rename' ? (
        <ViewForm
          initial={view}
          busy={update.isPending}
          error={error}
          onCancel={end}
          onSave={(naming) => update.mutate({ id: view.id, ...naming })}
        />
      ) : (
        error && (
          <Banner tone="danger" alert>
            {refusalOf(error)}
          </Banner>
        )
      )}
      {doing === 'remove' && (
        <fieldset className="view-remove" aria-label={say.removeTitle(view.name)}>
          <p>
            {say.removeTitle(view.name)} {view.shared && say.removeShared}
          </p>
          <Button look="danger" autoFocus busy={remove.isPending} onClick={() => remove.mutate(view)}>
            {say.remove}
          </Button>
          <Button look="quiet" onClick={end}>
            {text.common.cancel}
          </Button>
        </fieldset>
      )}
    </li>
  );
}
