import { useId, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { text } from '../lib/text.ts';
import { MarkdownText } from './markdown-text.tsx';
import { TextField } from './text-field.tsx';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string | undefined;
  rows?: number;
  /** The command that it is found by. */
  command?: string;
}

/** Markdown, with a look at what it becomes. What has to be mended is shown as it is written. */
export function MarkdownField({ label, value, onChange, hint, error, rows = 8, command }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [asked, setPreview] = useState(false);
  if (asked && error !== undefined) setPreview(false);
  const preview = asked && error === undefined;
  const write = () => {
    flushSync(() => setPreview(false));
    area.current?.focus();
  };
  return (
    <div className="markdown-field" id={id}>
      <div className="switch">
        <button
          type="button"
          aria-pressed={!preview}
          aria-controls={id}
          data-command={preview ? command : undefined}
          onClick={write}
        >
          {text.common.write}
        </button>
        <button
          type="button"
          aria-pressed={preview}
          aria-controls={id}
          disabled={error !== undefined}
          onClick={() => setPreview(true)}
        >
          {text.common.preview}
        </button>
      </div>
      {preview ? (
        <div className="field">
          <span className="label">{label}</span>
          {hint && <span className="hint">{hint}</span>}
          <section className="preview" aria-label={`${label}: ${text.common.preview}`}>
            {value.trim() ? <MarkdownText source={value} /> : <p className="muted">{text.common.nothing}</p>}
          </section>
        </div>
      ) : (
        <TextField
          label={label}
          value={value}
          onChange={onChange}
          rows={rows}
          error={error}
          areaRef={area}
          {...(hint ? { hint } : {})}
          {...(command ? { command } : {})}
        />
      )}
    </div>
  );
}
