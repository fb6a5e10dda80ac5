/**
 * Controls of a page that a command stands for carry its name: `data-command="reply"`. A field takes the focus, all else
 * is pressed.
 */
export function controlOf(name: string): HTMLElement | undefined {
  return document.querySelector<HTMLElement>(`[data-command="${name}"]`) ?? undefined;
}

export function focusControl(name: string): void {
  controlOf(name)?.focus();
}

export function applyControl(name: string): void {
  const control = controlOf(name);
  if (control?.matches('input, textarea')) {
    control.scrollIntoView({ block: 'center' });
    control.focus();
  } else {
    control?.click();
  }
}

/** Moves the focus among the rows of a list, which carry `data-row`. */
export function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? rows.find((row) => row.getBoundingClientRect().top >= 0) : rows[at + by];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

export function currentRow(): HTMLElement | undefined {
  return document.activeElement?.closest<HTMLElement>('[data-row]') ?? undefined;
}
