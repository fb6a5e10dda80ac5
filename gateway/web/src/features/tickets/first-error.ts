import { type RefObject, useEffect } from 'react';

/** Takes the focus to the first field that has to be mended, after each attempt. */
export function useFirstError(form: RefObject<HTMLFormElement | null>, attempts: number) {
  useEffect(() => {
    if (attempts === 0) return;
    const found = form.current?.querySelector('[aria-invalid="true"], [data-invalid]');
    if (!found) return;
    // A list opens below a button; beside a field, a button only takes away what was entered.
    const field = found.matches('input, select, textarea') ? found : found.querySelector('input, textarea');
    const target = field ?? found.querySelector('button');
    (target as HTMLElement | null)?.focus();
  }, [form, attempts]);
}
