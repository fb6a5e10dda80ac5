import { useQuery } from '@tanstack/react-query';
import { staffText } from '../../lib/text.staff.ts';
import { Modal } from '../../ui/modal.tsx';
import { notices } from '../../ui/notices.tsx';
import { kept, lastPosition, useViews, viewsQuery } from './saved-views.ts';
import type { QueueSearch } from './search.ts';
import { ViewForm } from './view-form.tsx';

const say = staffText.views;

interface Props {
  search: Pick<QueueSearch, 'q' | 'order'>;
  onClose: () => void;
}

/** Keeps what is shown under a name. */
export default function SaveView({ search, onClose }: Props) {
  const { data: views = [] } = useQuery(viewsQuery);
  const { create } = useViews();
  return (
    <Modal title={say.saveTitle} onClose={onClose}>
      <p className="muted">{search.q ? <code>{search.q}</code> : say.everything}</p>
      <ViewForm
        initial={{ name: '', shared: false }}
        busy={create.isPending}
        error={create.error}
        onCancel={onClose}
        onSave={(naming) =>
          create.mutate(
            { ...naming, ...kept(search), position: lastPosition(views) },
            {
              onSuccess: ({ name }) => {
                onClose();
                notices.say(say.saved(name));
              },
            },
          )
        }
      />
    </Modal>
  );
}
