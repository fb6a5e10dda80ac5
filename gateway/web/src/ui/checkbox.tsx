import type { ReactNode } from 'react';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  /** Some of what it stands for is chosen. */
  partly?: boolean;
  invalid?: boolean;
  describedBy?: string | undefined;
}

export function Checkbox({ checked, onChange, children, partly = false, invalid = false, describedBy }: Props) {
  return (
    <label className="checkbox">
      <input
        type="checkbox"
        ref={(input) => {
          if (input) input.indeterminate = partly; // has no attribute
        }}
        checked={checked}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  );
}
