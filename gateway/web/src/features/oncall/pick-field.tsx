import { type ComponentProps, useId } from 'react';
import { Picker } from '../../ui/picker.tsx';

type Props = Pick<
  ComponentProps<typeof Picker>,
  'label' | 'search' | 'options' | 'chosen' | 'onChoose' | 'nothing' | 'children'
> & {
  hint?: string;
  error: string | undefined;
};

/** Several of many, with what is wrong about it. */
export function PickField({ hint, error, ...picker }: Props) {
  const id = useId();
  return (
    <div className="field" data-invalid={error ? true : undefined}>
      <span className="label" aria-hidden="true">
        {picker.label}
      </span>
      {hint && <span className="hint">{hint}</span>}
      <Picker {...picker} multiple describedBy={error && id} />
      {error && (
        <span className="error" id={id}>
          {error}
        </span>
      )}
    </div>
  );
}
