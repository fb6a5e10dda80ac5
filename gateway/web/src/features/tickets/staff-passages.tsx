import { useRef, useState } from 'react';
import { actionsText } from '../../lib/text.actions.ts';
import { text } from '../../lib/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { mostPassages, piecesOf, redacted, sliceOf } from './redact.ts';

const say = actionsText.redact;

interface Props {
  /** What the text is. */
  label: string;
  body: string;
  texts: string[];
  onChange: (texts: string[]) => void;
}

/** Passages of a text, selected in it or typed, and the text as it will be without them. */
export function Passages({ label, body, texts, onChange }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState<string>();
  const add = (passage: string) => {
    const fault = faultOf(passage, body, texts);
    setWrong(fault);
    if (fault) return false;
    if (!texts.includes(passage)) onChange([...texts, passage]);
    return true;
  };
  const addSelected = () => {
    const { selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
    add(sliceOf(body, selectionStart, selectionEnd));
  };
  return (
    <div className="passages">
      <div className="field">
        <label htmlFor="redact-body">{label}</label>
        <span className="hint" id="redact-hint">
          {say.bodyHint}
        </span>
        {/* A field, as the keyboard can select in it. */}
        <textarea ref={area} id="redact-body" aria-describedby="redact-hint" readOnly rows={3} value={body} />
      </div>
      <Button onClick={addSelected}>{say.addSelected}</Button>
      <form
        className="typed"
        onSubmit={(event) => {
          event.preventDefault();
          if (add(typed)) setTyped('');
        }}
      >
        <TextField
          label={say.typed}
          value={typed}
          onChange={(value) => {
            setWrong(undefined);
            setTyped(value);
          }}
          error={wrong}
          autoComplete="off"
        />
        <Button type="submit">{say.add}</Button>
      </form>
      {texts.length > 0 && (
        <>
          <ul className="chosen-passages" aria-label={say.chosen}>
            {texts.map((passage) => (
              <li key={passage} className="badge">
                <span className="passage">{passage}</span>
                <button
                  type="button"
                  className="plain"
                  aria-label={text.common.remove(passage)}
                  onClick={() => {
                    onChange(texts.filter((other) => other !== passage));
                    area.current?.focus();
                  }}
                >
                  <Icon name="close" size={14} />
                </button>
              </li>
            ))}
          </ul>
          <Preview body={body} texts={texts} />
        </>
      )}
    </div>
  );
}

function faultOf(passage: string, body: string, texts: string[]): string | undefined {
  if (!passage) return say.empty;
  if (!body.includes(passage)) return say.notThere;
  return texts.length >= mostPassages ? say.many : undefined;
}

/** What is struck out goes. */
function Preview({ body, texts }: { body: string; texts: string[] }) {
  const pieces = piecesOf(body, texts);
  return (
    <section className="redact-preview" aria-label={say.preview}>
      <p className="small">
        <strong>{say.preview}</strong> ·{' '}
        <span role="status">{say.places(pieces.filter(({ gone }) => gone).length)}</span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard can do only in what it can reach */}
      <p className="text" tabIndex={0}>
        {pieces.map(({ text: part, gone }, index) =>
          gone ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
            <del key={index} title={redacted}>
              {part}
            </del>
          ) : (
            part
          ),
        )}
      </p>
    </section>
  );
}
