import { type FormEvent, useId, useState } from 'react';
import { ticketText } from '../../lib/text.ticket.ts';
import { Icon } from '../../ui/icon.tsx';
import { maxQuery } from './list-search.ts';

/** Takes a query in the language of the API, and explains it. */
export function QueryBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange(typed.trim());
  };
  return (
    <search className="query">
      <form onSubmit={submit}>
        <Icon name="search" />
        <input
          type="text"
          inputMode="search"
          enterKeyHint="search"
          aria-label={ticketText.list.search}
          placeholder={ticketText.list.placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={maxQuery}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && typed) {
              setTyped('');
              if (value) onChange('');
            }
          }}
        />
        {typed && (
          <button
            type="button"
            className="plain"
            aria-label={ticketText.list.clear}
            onClick={() => {
              setTyped('');
              if (value) onChange('');
            }}
          >
            <Icon name="close" size={18} />
          </button>
        )}
        <button type="button" className="plain" popoverTarget={id} aria-label={ticketText.list.help}>
          <Icon name="help" size={18} />
        </button>
        <button type="submit" className="hidden">
          {ticketText.list.submit}
        </button>
      </form>
      <div id={id} popover="auto" className="query-help">
        <h2>{ticketText.list.help}</h2>
        <p>{ticketText.list.helpLead}</p>
        <ul>
          {ticketText.list.examples.map(([query = '', meaning]) => (
            <li key={query}>
              <button
                type="button"
                popoverTarget={id}
                popoverTargetAction="hide"
                onClick={() => onChange([typed.trim(), query].filter(Boolean).join(' '))}
              >
                <code>{query}</code>
              </button>
              <span>{meaning}</span>
            </li>
          ))}
        </ul>
      </div>
    </search>
  );
}
