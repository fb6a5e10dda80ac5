import { type FocusEvent, useState } from 'react';

/** Whether the focus is within an element, which gets `watch`. A window that is left for another keeps it. */
export function useHasFocus() {
  const [has, setHas] = useState(false);
  const onFocus = () => setHas(true);
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) =>
    setHas(currentTarget.contains(relatedTarget) || currentTarget.contains(document.activeElement));
  return { has, watch: { onFocus, onBlur } };
}
