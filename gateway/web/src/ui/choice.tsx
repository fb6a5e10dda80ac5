import { FieldError, Label, Radio, RadioGroup } from 'react-aria-components';
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
  return (
    <RadioGroup
      className={`field choice as-${look}`}
      // Nothing chosen is null: with a value that no radio has, Tab would lead to none of them.
      value={value || null}
      onChange={(chosen) => onChange(chosen as T)}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <div className="options">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className={`option ${option.tone ?? ''}`}>
            {option.icon ? <Icon name={option.icon} size={22} /> : <span className="mark" />}
            <span className="words">
              <span className="name">{option.label}</span>
              {option.hint && <span className="hint">{option.hint}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <FieldError className="error">{error}</FieldError>
    </RadioGroup>
  );
}
