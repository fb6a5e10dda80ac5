import { Button, type ButtonProps } from './button.tsx';
import { useKeepFocus } from './keep-focus.ts';

/** A button that goes when it has done its work, and does not take the focus away with it. */
export function Fleeting(props: ButtonProps) {
  const ref = useKeepFocus<HTMLButtonElement>();
  return <Button {...props} ref={ref} />;
}
