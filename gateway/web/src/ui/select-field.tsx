import { useId } from 'react';

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
  /** What is wrong with the choice. */
  error?: string | undefined;
}

/** One of many: the browser's own list, which all know how to use. */
export function SelectField({ label, hint, value, options, onChange, error }: Props) {
  const id = useId();
  const about = [hint && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      <select
        id={id}
        value={value}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={about || undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      {error !== undefined && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
