import { type ReactNode, useEffect, useRef } from 'react';
import { text } from '../lib/text.ts';

interface Props {
  title: string;
  /** In the browser's tab, where it differs. */
  tab?: string;
  children: ReactNode;
  above?: ReactNode;
  beside?: ReactNode;
  lead?: ReactNode;
}

/** A page with its one h1, which names the tab and takes the focus when somebody navigates here. */
export function Page({ title, tab, children, above, beside, lead }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${tab ?? title} · ${text.product}`;
  }, [tab, title]);
  useEffect(() => {
    // Not at the first load, where a screen reader begins at the top by itself.
    if (visited) heading.current?.focus({ preventScroll: true });
    visited = true;
  }, []);
  return (
    <>
      {above}
      <header className="page-header">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead}
        </div>
        {beside}
      </header>
      {children}
    </>
  );
}

let visited = false;
