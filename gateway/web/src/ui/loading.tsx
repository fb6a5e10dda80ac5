import { text } from '../lib/text.ts';

/** Rows of the final height. They appear after a moment only, so that a quick answer does not flicker. */
export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div className="loading" role="status">
      <span className="hidden">{text.common.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same and never move
        <div key={row} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  );
}
