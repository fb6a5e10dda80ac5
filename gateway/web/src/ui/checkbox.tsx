import type { ReactNode } from 'react';
import { Checkbox as Wrapped } from 'react-aria-components';
import { Icon } from './icon.tsx';

interface Props {
  checked: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
  /** Some of what it stands for is chosen. */
  partly?: boolean;
  invalid?: boolean;
  describedBy?: string;
}

export function Checkbox({ checked, onChange, children, partly = false, invalid = false, describedBy }: Props) {
  return (
    <Wrapped
      className="checkbox"
      isSelected={checked}
      isIndeterminate={partly}
      isInvalid={invalid}
      onChange={onChange}
      {...(describedBy ? { 'aria-describedby': describedBy } : {})}
    >
      <span className="box">
        <Icon name="check" size={14} />
      </span>
      <span>{children}</span>
    </Wrapped>
  );
}
