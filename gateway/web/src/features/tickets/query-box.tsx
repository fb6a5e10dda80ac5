import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { ticketText } from '../../lib/text.ticket.ts';
import { useCombo } from '../../ui/combo.ts';
import { Icon } from '../../ui/icon.tsx';
import { applicationsQuery } from '../applications/applications.ts';
import { useSelf } from '../session/session.ts';
import { maxQuery } from './list-search.ts';
import { type Known, suggest, type Typed, typedAt } from './query-suggest.ts';

interface Props {
  value: string;
  onChange: (q: string) => void;
  /** A hook that asks, once somebody types, for names that only staff may look for. */
  useKnown?: (enabled: boolean, typed: Typed | undefined) => Known | undefined;
}

const useNothing = () => undefined;

/** Takes a query in the language of the API, completes it while it is typed, and explains it. */
export function QueryBox({ value, onChange, useKnown = useNothing }: Props) {
  const help = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [caret, setCaret] = useState<number>(); // unset while nothing is to be suggested
  const [asked, setAsked] = useState(false); // for help, which is drawn then
  const known = useKnown(caret !== undefined, caret === undefined ? undefined : typedAt(typed, caret));
  const suggestions = useSuggestions(typed, caret, known);
  const say = ticketText.list;
  useEffect(() => setTyped(value), [value]); // a chip was removed, or the page went back

  // The caret goes behind what was put in, once that is there.
  const place = useRef<number>(undefined);
  useEffect(() => {
    if (place.current !== undefined) input.current?.setSelectionRange(place.current, place.current);
    place.current = undefined;
  });

  const combo = useCombo({
    names: suggestions.map(({ query }) => query),
    open: caret !== undefined,
    onClose: () => setCaret(undefined),
    onChoose: (index) => {
      const chosen = suggestions[index];
      if (!chosen) return;
      setTyped(chosen.query);
      setCaret(chosen.caret);
      place.current = chosen.caret;
    },
  });
  const clear = () => {
    setTyped('');
    setCaret(undefined);
    if (value) onChange('');
    input.current?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setCaret(undefined);
    onChange(typed.trim());
  };
  return (
    <search className="query">
      <form onSubmit={submit}>
        <Icon name="search" />
        <input
          {...combo.input}
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          data-command="search"
          aria-label={say.search}
          placeholder={say.placeholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={maxQuery}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setCaret(event.target.selectionStart ?? undefined);
          }}
          onBlur={() => setCaret(undefined)}
          onKeyDown={(event) => {
            combo.onKeyDown(event);
            if (!event.defaultPrevented && event.key === 'Escape' && typed) clear();
          }}
        />
        {typed && (
          <button type="button" className="plain" aria-label={say.clear} onClick={clear}>
            <Icon name="close" size={18} />
          </button>
        )}
        <button type="button" className="plain" popoverTarget={help} aria-label={say.help}>
          <Icon name="help" size={18} />
        </button>
        <button type="submit" className="hidden">
          {say.submit}
        </button>
      </form>
      <p className="hidden" role="status">
        {combo.shown ? say.suggested(suggestions.length) : ''}
      </p>
      {combo.shown && (
        <div {...combo.list(say.suggestions)}>
          {suggestions.map(({ word, meaning, query }, index) => (
            <div key={query} {...combo.option(index)}>
              <code>{word}</code>
              <span className="muted">{meaning}</span>
            </div>
          ))}
        </div>
      )}
      <div id={help} popover="auto" className="query-help" onBeforeToggle={() => setAsked(true)}>
        {asked && <Help id={help} onChoose={(query) => onChange([typed.trim(), query].filter(Boolean).join(' '))} />}
      </div>
    </search>
  );
}

/** What a query may be, within the popover of this id. */
function Help({ id, onChoose }: { id: string; onChoose: (query: string) => void }) {
  const say = ticketText.list;
  return (
    <>
      <h2>{say.help}</h2>
      <p>{say.helpLead}</p>
      <ul>
        {say.examples.map(([query = '', meaning]) => (
          <li key={query}>
            <button type="button" popoverTarget={id} popoverTargetAction="hide" onClick={() => onChoose(query)}>
              <code>{query}</code>
            </button>
            <span>{meaning}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What can be put in at the caret. Applications come by their names once somebody types. */
function useSuggestions(typed: string, caret: number | undefined, known: Known | undefined) {
  const self = useSelf();
  const { data: applications = [] } = useQuery({
    ...applicationsQuery(self.organization?.id ?? ''),
    enabled: self.organization !== undefined && caret !== undefined,
  });
  return caret === undefined ? [] : suggest(typed, caret, { staff: self.staff, applications, ...(known && { known }) });
}
