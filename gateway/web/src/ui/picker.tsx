import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { text } from '../lib/text.ts';
import { Icon } from './icon.tsx';

export interface PickerOption {
  value: string;
  label: string;
  hint?: string;
}

interface Props {
  label: string;
  options: PickerOption[];
  chosen: string[];
  onChoose: (values: string[]) => void;
  /** Stays open, and each choice adds or takes away. */
  multiple?: boolean;
  /** Names the field that narrows the options down; without it there is none. */
  search?: string;
  /** Hears what is typed into that field, where the options depend on it; '' once the list is closed. */
  onType?: (typed: string) => void;
  /** Offers what was typed as a value of its own. */
  other?: (typed: string) => string;
  nothing?: string;
  /** What the button shows: the chosen, unless it is given. */
  children?: ReactNode;
  look?: string;
  busy?: boolean;
  /** More options are on their way. */
  loading?: boolean;
  /** What describes it, such as an error, by its id. */
  describedBy?: string | undefined;
  /** Names it for commands. */
  command?: string;
}

/** One or several of many, from a list that opens below its button. */
export function Picker(props: Props) {
  const { label, options, chosen, multiple = false, search, busy = false, look = 'field' } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  const names = chosen.map((value) => options.find((option) => option.value === value)?.label ?? value);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that the focus has left
    <div
      ref={root}
      className={`picker as-${look}`}
      onBlur={(event) => {
        if (!root.current?.contains(event.relatedTarget)) close(false);
      }}
    >
      <button
        ref={button}
        type="button"
        className="picker-button"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-disabled={busy || undefined}
        aria-describedby={props.describedBy}
        data-command={props.command}
        data-chosen={chosen.length > 0 || undefined}
        onClick={() => !busy && setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' || open || busy) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        {look === 'chip' && names.length === 0 ? (
          // What is not chosen needs no words on a chip: so many of them fit a line.
          <>
            <span aria-hidden="true">{label}</span>
            <span className="hidden">
              {label}: {props.nothing}
            </span>
          </>
        ) : (
          <>
            <span className={look === 'field' ? 'hidden' : ''}>{label}: </span>
            <span className="picker-value">{props.children ?? (names.join(', ') || props.nothing)}</span>
          </>
        )}
        <Icon name="chevron" size={14} />
      </button>
      {open && (
        <Popup
          {...props}
          id={id}
          search={search}
          onChoose={(values) => {
            props.onChoose(values);
            if (!multiple) close(true);
          }}
          onClose={() => close(true)}
        />
      )}
    </div>
  );
}

/** Between the list and the edge that it does not cross. */
const gap = 12;

type PopupProps = Omit<Props, 'search'> & { id: string; search: string | undefined; onClose: () => void };

function Popup(props: PopupProps) {
  const { id, label, options, chosen, onChoose, multiple = false, search, other, loading = false, onClose } = props;
  const { onType } = props;
  const [typed, setTyped] = useState('');
  useEffect(() => {
    onType?.(typed);
    return () => onType?.('');
  }, [onType, typed]);
  const shown = narrow(options, typed, other);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      shown.findIndex((option) => chosen.includes(option.value)),
    ),
  );
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [shift, setShift] = useState(0);
  // Moved until it does not stick out of the window, or of the pane that it would scroll.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it may have become wider
  useLayoutEffect(() => {
    if (!popup.current) return;
    const room = (popup.current.closest('.pane') ?? document.documentElement).getBoundingClientRect();
    setShift(Math.min(0, room.right - gap - (popup.current.getBoundingClientRect().right - shift)));
  }, [options, typed]);
  useEffect(() => {
    (input.current ?? list.current)?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another option is the active one
  useEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' }); // what it returns is no clean-up
  }, [at, typed]);

  const active = shown[Math.min(at, shown.length - 1)];
  const choose = (value: string) => {
    if (!multiple) return onChoose([value]);
    onChoose(chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: shown.length - 1 };
    const step = steps[event.key];
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' || (event.key === ' ' && !search)) active && choose(active.value);
    else if (step === undefined || (search && ['Home', 'End'].includes(event.key))) return;
    else setAt(Math.max(0, Math.min(shown.length - 1, step)));
    event.preventDefault();
    event.stopPropagation(); // keys of the page mean something else
  };
  const current = active ? `${id}-${shown.indexOf(active)}` : undefined;
  return (
    <div ref={popup} className="picker-popup" style={{ marginInlineStart: shift }}>
      {search !== undefined && (
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={search}
          placeholder={search}
          aria-expanded="true"
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={current}
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      )}
      <div
        ref={list}
        id={id}
        role="listbox"
        aria-label={label}
        aria-multiselectable={multiple || undefined}
        aria-activedescendant={search === undefined ? current : undefined}
        tabIndex={search === undefined ? 0 : -1}
        onKeyDown={onKeyDown}
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list
          // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus and names the active option
          <div
            key={option.value}
            id={`${id}-${index}`}
            role="option"
            aria-selected={chosen.includes(option.value)}
            data-active={option === active || undefined}
            className="picker-option"
            onPointerMove={() => setAt(index)}
            onMouseDown={(event) => event.preventDefault()} // the focus stays where it is
            onClick={() => choose(option.value)}
          >
            <span className="picker-mark">{chosen.includes(option.value) && <Icon name="check" size={14} />}</span>
            <span>
              {option.label}
              {option.hint && <span className="muted small"> {option.hint}</span>}
            </span>
          </div>
        ))}
      </div>
      <p className="picker-note" role="status">
        {loading ? text.common.loading : shown.length === 0 ? text.common.nothingFound : ''}
      </p>
    </div>
  );
}

/** The options that have all the typed words, and what was typed itself where that is a value. */
export function narrow(options: PickerOption[], typed: string, other?: (typed: string) => string): PickerOption[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = options.filter((option) => {
    const line = `${option.label} ${option.hint ?? ''}`.toLowerCase();
    return words.every((word) => line.includes(word));
  });
  const own = typed.trim();
  if (!other || !own || options.some((option) => option.value === own)) return found;
  return [...found, { value: own, label: other(own) }];
}
