import { lazy, Suspense } from 'react';

// The parser is larger than the rest of a page: the text shows as it is until it has come.
const Markdown = lazy(() => import('../lib/markdown.tsx'));

export function MarkdownText({ source }: { source: string }) {
  return (
    <Suspense fallback={<div className="markdown unparsed">{source}</div>}>
      <Markdown source={source} />
    </Suspense>
  );
}
