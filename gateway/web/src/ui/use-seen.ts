import { type RefObject, useEffect, useRef, useState } from 'react';

/** Whether an element is in view, or has been. */
export function useSeen<T extends Element>(): [element: RefObject<T | null>, seen: boolean] {
  const element = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      setSeen(true);
      watch.disconnect();
    });
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return [element, seen];
}
