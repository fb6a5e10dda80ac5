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

/** A name with an address in angle brackets; a name in quotes may have commas. */
const named = /(?<=^|[<>,;\n])((?:"[^"]*"|[^<>,;"\n])*)<([^<>\s]+@[^<>\s]+)>/g;

/** What a line has to be added: of addresses with names, as mail programs copy them, the addresses. */
export function tagsIn(line: string, type: 'text' | 'email'): string[] {
  // Without a comma the address before it is no part of the name.
  const before = (name: string) => name.replace(/"[^"]*"/g, '').match(/\S+@\S+/g) ?? [];
  const bare =
    type === 'email'
      ? line.replace(named, (_, name: string, address: string) => ` ${[...before(name), address].join(' ')} `)
      : line;
  return bare.split(separators).filter(Boolean);
}

/** Short values, each added by Enter, a comma or leaving the field, and removed by its button or Backspace. */
export function TagField({ label, tagsLabel, hint, tags, onChange, check, error, type = 'text', command }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();
  const [said, setSaid] = useState('');

  const add = (line: string) => {
    const fresh = tagsIn(line, type);
    const bad = fresh.find((tag) => check(tag) !== undefined);
    setWrong(bad === undefined ? undefined : check(bad));
    const all = [...tags];
    for (const tag of fresh) {
      const known = all.some((other) => other.toLowerCase() === tag.toLowerCase());
      if (check(tag) === undefined && !known) all.push(tag);
    }
    if (all.length > tags.length) {
      onChange(all);
      setSaid(text.common.added(all.slice(tags.length).join(', ')));
    }
    setTyped(fresh.filter((tag) => check(tag) !== undefined).join(' '));
  };

  const remove = (tag: string) => {
    onChange(tags.filter((other) => other !== tag));
    setSaid(text.common.removed(tag));
  };

  const last = tags.at(-1);
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
                    remove(tag);
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
            } else if (event.key === 'Backspace' && typed === '' && last !== undefined) remove(last);
          }}
          onBlur={() => add(typed)}
        />
      </div>
      {message && (
        <span className="error" id={`${id}-error`} role="alert">
          {message}
        </span>
      )}
      <span className="hidden" role="status">
        {said}
      </span>
    </div>
  );
}
