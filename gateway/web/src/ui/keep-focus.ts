import { type RefObject, useLayoutEffect, useRef } from 'react';

/**
 * What goes with the focus in it leaves that nowhere: the next Tab would begin at the top. With this it goes to the title of
 * the page instead, or of the part beside the list.
 */
export function useKeepFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    return () => {
      if (!element?.contains(document.activeElement)) return;
      const inList = element.closest('main') !== null && element.closest('.pane') === null;
      // When it has gone, and nothing else has taken the focus: a dialog gives it back in the next frame.
      requestAnimationFrame(() => setTimeout(() => focusTitle(inList)));
    };
  }, []);
  return ref;
}

function focusTitle(inList: boolean): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body) return;
  const part = (inList ? null : document.querySelector('.pane')) ?? document;
  part.querySelector<HTMLElement>('h1[tabindex], .pane h2[tabindex]')?.focus({ preventScroll: true });
}
