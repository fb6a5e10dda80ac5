import { type RefObject, useEffect } from 'react';

/** Takes the focus to the first field that has to be mended, after each attempt. */
export function useFirstError(form: RefObject<HTMLFormElement | null>, attempts: number) {
  useEffect(() => {
    if (attempts === 0) return;
    const found = form.current?.querySelector('[aria-invalid="true"], [data-invalid]');
    const target = found?.matches('input, textarea') ? found : found?.querySelector('input, textarea');
    (target as HTMLElement | null | undefined)?.focus();
  }, [form, attempts]);
}
