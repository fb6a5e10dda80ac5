import { Button } from '../../ui/button.tsx';

interface Props {
  label: string;
  sign: '↑' | '↓';
  /** It is at the end of its list: the button stays, so that the focus does. */
  end: boolean;
  onClick: () => void;
}

/** Moves one of a list up or down. */
export function Move({ label, sign, end, onClick }: Props) {
  return (
    <Button aria-label={label} title={label} busy={end} onClick={onClick}>
      <span aria-hidden="true">{sign}</span>
    </Button>
  );
}
