import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from './icon.tsx';
import '../styles/menu.css';

export interface MenuItem {
  label: string;
  onChoose: () => void;
  danger?: boolean;
  /** The command that it is found by, also while the menu is closed. */
  command?: string;
}

interface Props {
  label: string;
  items: MenuItem[];
  /** What the button shows: three dots, unless it is given. */
  children?: ReactNode;
}

/** What can be done with something, in a list that opens below its button. */
export function Menu({ label, items, children }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const list = () => [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  const first = useRef(0); // the item that gets the focus when it opens
  const popup = useRef<HTMLDivElement>(null);
  const [side, setSide] = useState<'end' | 'start'>('end');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when it opens
  useLayoutEffect(() => {
    if (!open || !popup.current) return setSide('end');
    list().at(first.current)?.focus();
    const room = (popup.current.closest('.pane') ?? document.documentElement).getBoundingClientRect();
    if (popup.current.getBoundingClientRect().left < room.left) setSide('start');
  }, [open]);

  const show = (at: number) => {
    first.current = at;
    setOpen(true);
  };
  // The button has the focus before a dialog opens, which gives it back.
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') return setOpen(false);
    const at = list().indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const step = steps[event.key];
    if (event.key === 'Escape') close();
    else if (step !== undefined)
      list()
        .at(step % items.length)
        ?.focus();
    else {
      if (event.key.length === 1 && event.key !== ' ') event.stopPropagation(); // keys of the page mean something else
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus has left
    <div
      ref={root}
      className="menu"
      onBlur={(event) => {
        if (!root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className={children ? 'button secondary' : 'plain'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={children ? undefined : label}
        title={children ? undefined : label}
        onClick={() => (open ? setOpen(false) : show(0))}
        onKeyDown={(event) => {
          if (open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
          event.preventDefault();
          show(event.key === 'ArrowDown' ? 0 : -1);
        }}
      >
        {children}
        {children ? <Icon name="chevron" size={14} /> : <Dots />}
      </button>
      {/* Always there, so that commands find its items. */}
      <div
        ref={popup}
        id={id}
        role="menu"
        aria-label={label}
        className="menu-list"
        hidden={!open}
        data-side={side}
        onKeyDown={onKeyDown}
        tabIndex={-1}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={`menu-item ${item.danger ? 'danger' : ''}`}
            data-command={item.command}
            onClick={() => {
              close();
              item.onChoose();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </div>
  );
}

function Dots() {
  return (
    <svg className="icon" width={18} height={18} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d="M5 11.9v.2M12 11.9v.2M19 11.9v.2" />
    </svg>
  );
}
