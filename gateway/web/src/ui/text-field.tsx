import { type HTMLInputAutoCompleteAttribute, type HTMLInputTypeAttribute, type Ref, useId } from 'react';
import { text } from '../lib/text.ts';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  name?: string;
  hint?: string;
  /** What is wrong with the value. */
  error?: string | undefined;
  type?: HTMLInputTypeAttribute;
  rows?: number; // more than one line
  maxLength?: number;
  required?: boolean;
  optional?: boolean;
  autoComplete?: HTMLInputAutoCompleteAttribute;
  autoFocus?: boolean;
  mono?: boolean;
  inputRef?: Ref<HTMLInputElement>;
  areaRef?: Ref<HTMLTextAreaElement>;
  /** The command that it is found by. */
  command?: string;
}

export function TextField(props: Props) {
  const { label, value, onChange, name, hint, error, type = 'text', rows, maxLength } = props;
  const {
    required = false,
    optional = false,
    autoComplete,
    autoFocus = false,
    mono = false,
    inputRef,
    areaRef,
    command,
  } = props;
  const id = useId();
  const about = [hint && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  const shared = {
    id,
    name,
    value,
    maxLength,
    'aria-required': required || undefined,
    'aria-invalid': error !== undefined || undefined,
    'aria-describedby': about || undefined,
    'data-command': command,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
    autoFocus,
  };
  return (
    <div className={`field ${mono ? 'mono' : ''}`}>
      <label htmlFor={id}>
        {label}
        {optional && <span className="optional"> ({text.common.optional})</span>}
      </label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {rows ? (
        <textarea ref={areaRef} rows={rows} {...shared} />
      ) : (
        <input ref={inputRef} type={type} autoComplete={autoComplete} {...shared} />
      )}
      {error !== undefined && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
