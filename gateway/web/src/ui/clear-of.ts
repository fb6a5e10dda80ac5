/** Between a bar and the row below it, for the ring of the focus. */
const gap = 4;

/** The `ref` of a bar that stays at the top of the window: what takes the focus is scrolled clear of it. */
export function clearOf(bar: HTMLElement | null): (() => void) | undefined {
  if (!bar) return;
  const { style } = document.documentElement;
  const watch = new ResizeObserver(() => {
    const top = Number.parseFloat(getComputedStyle(bar).insetBlockStart) || 0;
    style.scrollPaddingBlockStart = `${top + bar.offsetHeight + gap}px`;
  });
  watch.observe(bar);
  return () => {
    watch.disconnect();
    style.scrollPaddingBlockStart = '';
  };
}

/** How much of the window's top is kept clear, in pixels. */
export function covered(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingBlockStart) || 0;
}
