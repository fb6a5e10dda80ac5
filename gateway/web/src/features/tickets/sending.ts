import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * Nobody changes a form while it is sent: what was typed into it then would be lost. If it comes back, all is as it was, and
 * the focus where it was.
 */
export function useSending(shape: RefObject<HTMLFormElement | null>, sending: boolean) {
  const left = useRef<Element>(null); // what had the focus
  useLayoutEffect(() => {
    const form = shape.current;
    if (!form) return;
    if (!sending) {
      giveBack(left.current, form);
      left.current = null;
      return;
    }
    left.current = document.activeElement;
    // Whoever types on types at the page, where letters are commands.
    const onKeyDown = (event: KeyboardEvent) => {
      const letter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (letter && event.target instanceof Node && event.target.contains(form)) event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown, true);
    form.inert = true;
    form.ariaBusy = 'true';
    return () => {
      window.removeEventListener('keydown', onKeyDown, true);
      form.inert = false;
      form.ariaBusy = null;
    };
  }, [shape, sending]);
}

/** Whoever went on to a control elsewhere stays there. */
function giveBack(control: Element | null, form: HTMLFormElement): void {
  const elsewhere = document.activeElement && !document.activeElement.contains(form);
  if (!elsewhere && control instanceof HTMLElement) control.focus({ preventScroll: true });
}
