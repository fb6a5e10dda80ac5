import { useId, useRef, useState } from 'react';
import { text } from '../lib/text.ts';
import { Icon } from './icon.tsx';

interface Props {
  label: string;
  /** Names the tags that are there. */
  tagsLabel: string;
  hint?: string;
  tags: string[];
  onChange: (tags: string[]) => void;
  /** Says what is wrong with a tag, undefined when nothing is. */
  check: (tag: string) => string | undefined;
  error?: string | undefined;
  type?: 'text' | 'email';
  /** Names its field for commands. */
  command?: string;
}

const separators = /[\s,;]+/;

/** Short values, each added by Enter, a comma or leaving the field, and removed by its button or Backspace. */
export function TagField({ label, tagsLabel, hint, tags, onChange, check, error, type = 'text', command }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();

  const add = (line: string) => {
    const fresh = line.split(separators).filter(Boolean);
    const bad = fresh.find((tag) => check(tag) !== undefined);
    setWrong(bad === undefined ? undefined : check(bad));
    const all = [...tags];
    for (const tag of fresh) {
      const known = all.some((other) => other.toLowerCase() === tag.toLowerCase());
      if (check(tag) === undefined && !known) all.push(tag);
    }
    if (all.length > tags.length) onChange(all);
    setTyped(fresh.filter((tag) => check(tag) !== undefined).join(' '));
  };

  const message = wrong ?? error;
  return (
    <div className="field tag-field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <div className="box" data-invalid={message !== undefined || undefined}>
        {tags.length > 0 && (
          <ul className="tags" aria-label={tagsLabel}>
            {tags.map((tag) => (
              <li key={tag} className="tag">
                {tag}
                <button
                  type="button"
                  className="remove"
                  aria-label={text.common.remove(tag)}
                  onClick={() => {
                    onChange(tags.filter((other) => other !== tag));
                    input.current?.focus();
                  }}
                >
                  <Icon name="close" size={14} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <input
          ref={input}
          id={id}
          type="text"
          inputMode={type}
          data-command={command}
          autoComplete="off"
          value={typed}
          aria-describedby={
            [hint ? `${id}-hint` : '', message ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
          }
          aria-invalid={message !== undefined || undefined}
          onChange={(event) => {
            const { value } = event.target;
            setWrong(undefined);
            if (separators.test(value)) add(value);
            else setTyped(value);
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!separators.test(pasted)) return;
            event.preventDefault(); // the browser would join lines
            add(`${typed}${pasted}`);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault(); // the form is sent by its button
              add(typed);
            } else if (event.key === 'Backspace' && typed === '' && tags.length > 0) {
              onChange(tags.slice(0, -1));
            }
          }}
          onBlur={() => add(typed)}
        />
      </div>
      {message && (
        <span className="error" id={`${id}-error`} role="alert">
          {message}
        </span>
      )}
    </div>
  );
}
