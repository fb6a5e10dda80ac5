import { type KeyboardEvent, useEffect, useId, useState } from 'react';

interface Options {
  /** Names of the options, in their order; other names mean other options. */
  names: string[];
  open: boolean;
  /** Whether the first is chosen by Enter at once, as in a palette; else the arrow keys begin. */
  eager?: boolean;
  onChoose: (index: number) => void;
  onClose: () => void;
}

/**
 * A text field with a list of options below, by the combobox pattern of WAI-ARIA: the focus stays in the field, and
 * what the arrow keys are on is read out. React Aria's takes one option as the whole value, which a query is not.
 */
export function useCombo({ names, open, eager = false, onChoose, onClose }: Options) {
  const id = useId();
  const [active, setActive] = useState(-1);
  const key = names.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: other options begin anew
  useEffect(() => setActive(eager ? 0 : -1), [key, open, eager]);
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const shown = open && names.length > 0;
  const move = (by: number) => {
    // Between the last and the first is the field itself, unless one is always chosen.
    const places = eager ? names.length : names.length + 1;
    const from = eager ? active : active + 1;
    const to = (from + by + places) % places;
    setActive(eager ? to : to - 1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!shown || event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && active >= 0) onChoose(active);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    active,
    shown,
    onKeyDown,
    input: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': shown,
      'aria-controls': shown ? id : undefined,
      'aria-activedescendant': shown && active >= 0 ? `${id}${active}` : undefined,
    } as const,
    list: (label: string) => ({ id, role: 'listbox', 'aria-label': label, className: 'suggestions' }) as const,
    option: (index: number) =>
      ({
        id: `${id}${index}`,
        role: 'option',
        className: 'suggestion',
        'aria-selected': index === active,
        onPointerDown: (event: { preventDefault(): void }) => event.preventDefault(), // the field keeps the focus
        onClick: () => onChoose(index),
      }) as const,
  };
}
