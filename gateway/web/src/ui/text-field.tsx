import type { HTMLInputAutoCompleteAttribute, HTMLInputTypeAttribute, Ref } from 'react';
import { FieldError, Input, Label, Text, TextArea, TextField as Wrapped } from 'react-aria-components';
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
  return (
    <Wrapped
      className={`field ${mono ? 'mono' : ''}`}
      value={value}
      onChange={onChange}
      {...(name ? { name } : {})}
      {...(maxLength ? { maxLength } : {})}
      {...(autoComplete ? { autoComplete } : {})}
      type={type as 'text'}
      isRequired={required}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      autoFocus={autoFocus}
    >
      <Label>
        {label}
        {optional && <span className="optional"> ({text.common.optional})</span>}
      </Label>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {rows ? <TextArea ref={areaRef ?? null} rows={rows} data-command={command} /> : <Input ref={inputRef ?? null} />}
      <FieldError className="error">{error}</FieldError>
    </Wrapped>
  );
}
