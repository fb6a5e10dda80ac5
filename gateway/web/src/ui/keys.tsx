import { Fragment } from 'react';
import { language } from '../lib/locale.ts';

/** Keys as they are pressed: "c", "g o" one after the other, "Ctrl+K" together. */
export function Keys({ keys, between }: { keys: string; between: string }) {
  return (
    <span className="keys">
      {keys.split(' ').map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sequence never changes
        <Fragment key={index}>
          {index > 0 && <span className="muted small"> {between} </span>}
          {part.split('+').map((key) => (
            <kbd key={key}>{names[key] ?? key}</kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);
const control = { en: 'Ctrl', de: 'Strg' }[language]; // as it is printed on the keyboard
const names: Record<string, string> = { Escape: 'Esc', Ctrl: apple ? '⌘' : control };
