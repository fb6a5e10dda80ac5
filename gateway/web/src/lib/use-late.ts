import { useEffect, useState } from 'react';

/** How long to wait for more letters before the server is asked. */
const pause = 200;

/** What is typed, once it stays so for a moment. */
export function useLate(value: string): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), pause);
    return () => clearTimeout(timer);
  }, [value]);
  return late;
}
