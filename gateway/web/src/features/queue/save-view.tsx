import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { staffText } from '../../lib/text.staff.ts';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { kept, lastPosition, type NewView, useViews, viewsQuery } from './saved-views.ts';
import type { QueueSearch } from './search.ts';
import { ViewForm, type ViewNaming } from './view-form.tsx';

const say = staffText.views;

interface Props {
  search: Pick<QueueSearch, 'q' | 'order'>;
  onClose: () => void;
}

/** Keeps what is shown under a name. */
export default function SaveView({ search, onClose }: Props) {
  const { data: views = [] } = useQuery(viewsQuery);
  const { create } = useViews();
  const asked = useRef<{ what: string; view: NewView }>(undefined);
  const viewOf = (naming: ViewNaming): NewView => {
    const what = JSON.stringify([naming, kept(search)]);
    if (asked.current?.what === what) return asked.current.view;
    const view = { ...naming, ...kept(search), position: lastPosition(views), requestId: crypto.randomUUID() };
    asked.current = { what, view };
    return view;
  };
  return (
    <Modal title={say.saveTitle} onClose={onClose}>
      <p className="muted">{search.q ? <code>{search.q}</code> : say.everything}</p>
      <ViewForm
        initial={{ name: '', shared: false }}
        busy={create.isPending}
        error={create.error}
        onCancel={onClose}
        onSave={(naming) =>
          create.mutate(viewOf(naming), {
            onSuccess: ({ name }) => {
              onClose();
              notices.say(say.saved(name));
            },
          })
        }
      />
    </Modal>
  );
}
