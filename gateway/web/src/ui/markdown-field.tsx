import { type Ref, useId, useState } from 'react';
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
  areaRef?: Ref<HTMLTextAreaElement>;
  /** The command that it is found by. */
  command?: string;
}

/** Markdown, with a look at what it becomes. */
export function MarkdownField({ label, value, onChange, hint, error, rows = 8, areaRef, command }: Props) {
  const id = useId();
  const [preview, setPreview] = useState(false);
  const tab = (on: boolean, name: string) => (
    <button type="button" aria-pressed={preview === on} aria-controls={id} onClick={() => setPreview(on)}>
      {name}
    </button>
  );
  return (
    <div className="markdown-field" id={id}>
      <div className="switch">
        {tab(false, text.common.write)}
        {tab(true, text.common.preview)}
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
          {...(hint ? { hint } : {})}
          {...(areaRef ? { areaRef } : {})}
          {...(command ? { command } : {})}
        />
      )}
    </div>
  );
}
