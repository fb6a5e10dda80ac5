import { startTransition, useEffect, useState } from 'react';

let painted = false;

/** Whether the browser has painted a page: what is not seen at first, and what it takes to know of it, comes after. */
export function usePainted(): boolean {
  const [is, set] = useState(painted);
  useEffect(() => {
    const tell = () => {
      painted = true;
      startTransition(() => set(true)); // all of it appears at once, when its files are there
    };
    if (document.hidden)
      tell(); // what is in the background is not painted
    else requestAnimationFrame(() => setTimeout(tell));
  }, []);
  return is;
}
