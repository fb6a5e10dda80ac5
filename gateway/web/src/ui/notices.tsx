import { useSyncExternalStore } from 'react';
import { text } from '../lib/text.ts';
import { Icon } from './icon.tsx';

/** Short messages about what was done: seen for a while, and read out. */
class Notices {
  #list: { id: number; message: string }[] = [];
  #next = 1;
  #listeners = new Set<() => void>();

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  current = () => this.#list;

  say(message: string): void {
    const id = this.#next++;
    this.#set([...this.#list, { id, message }]);
    setTimeout(() => this.dismiss(id), 7000);
  }

  dismiss(id: number): void {
    this.#set(this.#list.filter((notice) => notice.id !== id));
  }

  #set(list: { id: number; message: string }[]) {
    this.#list = list;
    for (const listener of this.#listeners) listener();
  }
}

export const notices = new Notices();

export function NoticeList() {
  const list = useSyncExternalStore(notices.subscribe, notices.current);
  return (
    <div className="notices" role="status">
      {list.map(({ id, message }) => (
        <div key={id} className="notice">
          <Icon name="check" />
          <span>{message}</span>
          <button type="button" aria-label={text.common.close} onClick={() => notices.dismiss(id)}>
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
