import { useId } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface Option<T extends string> {
  value: T;
  label: string;
  hint?: string;
  icon?: IconName;
  tone?: string;
}

interface Props<T extends string> {
  label: string;
  options: Option<T>[];
  value: T | '';
  onChange: (value: T) => void;
  /** Cards stand side by side, a list one below the other, a row on one line. */
  look?: 'cards' | 'list' | 'row';
  error?: string | undefined;
}

/** One of a few. */
export function Choice<T extends string>({ label, options, value, onChange, look = 'list', error }: Props<T>) {
  const id = useId();
  return (
    <div
      role="radiogroup"
      className={`field choice as-${look}`}
      aria-labelledby={`${id}-label`}
      aria-invalid={error !== undefined || undefined}
      aria-describedby={error === undefined ? undefined : `${id}-error`}
    >
      <span className="label" id={`${id}-label`}>
        {label}
      </span>
      <div className="options">
        {options.map((option) => (
          <label key={option.value} className={`option ${option.tone ?? ''}`}>
            <input
              type="radio"
              name={id}
              className={option.icon && 'hidden'}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.icon && <Icon name={option.icon} size={22} />}
            <span className="words">
              <span className="name">{option.label}</span>
              {option.hint && <span className="hint">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {error !== undefined && (
        <span className="error" id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  );
}
