import { ApiError, sentenceOf } from '../api/problem.ts';
import { text } from '../lib/text.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

/** What failed, why, and the way on. */
export function Failure({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const trace = error instanceof ApiError ? error.traceId : undefined;
  return (
    <Banner tone="danger" title={title} alert>
      <p>{sentenceOf(error)}</p>
      {trace && <p className="muted small">{text.common.requestId(trace)}</p>}
      {onRetry && <Button onClick={onRetry}>{text.common.retry}</Button>}
    </Banner>
  );
}
