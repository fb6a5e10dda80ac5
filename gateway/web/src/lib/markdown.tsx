import MarkdownIt from 'markdown-it';
import { createElement, type ReactNode, useMemo } from 'react';

/**
 * Markdown becomes React elements straight from its tokens: no HTML text is ever made, so there is nothing to sanitise
 * and nothing that Trusted Types would stop. Images become links, since loading one tells its server who reads.
 */
const parser = new MarkdownIt('commonmark', { html: false, breaks: true, linkify: true }).enable([
  'table',
  'strikethrough',
  'linkify',
]);
// Addresses that stand in the text by themselves are links if they say so: of "example.com" nobody knows. What is shown of
// them is what was written, and not what looks the same.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, urlAuth: true });
for (const schema of ['ftp:', '//', 'mailto:']) parser.linkify.add(schema, null);
parser.normalizeLinkText = (written) => written;

type Token = ReturnType<typeof parser.parse>[number];

// What may come out, by the tag that the parser names. Headings begin below those of the page.
const elements: Record<string, string> = {
  p: 'p',
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  h6: 'h6',
  ul: 'ul',
  ol: 'ol',
  li: 'li',
  blockquote: 'blockquote',
  strong: 'strong',
  em: 'em',
  s: 's',
  table: 'table',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
  th: 'th',
  td: 'td',
};

/** An address that may be followed; undefined for scripts and the like. */
export function safeHref(address: string): string | undefined {
  return /^(https?:\/\/|mailto:)/i.test(address) ? address : undefined;
}

function link(key: number, token: Token, name: string, children: ReactNode): ReactNode {
  const href = safeHref(String(token.attrGet(name) ?? ''));
  if (!href) return createElement('span', { key }, children);
  return createElement('a', { key, href, rel: 'noopener noreferrer nofollow', target: '_blank' }, children);
}

/** Builds the children of one level. `next` is shared, so that each level goes on where the one inside ended. */
function build(tokens: Token[], next: { at: number }): ReactNode[] {
  const children: ReactNode[] = [];
  while (next.at < tokens.length) {
    const key = next.at;
    const token = tokens[next.at++] as Token;
    if (token.nesting === -1) return children;
    if (token.nesting === 1) {
      const inside = build(tokens, next);
      if (token.type === 'link_open') children.push(link(key, token, 'href', inside));
      else if (token.hidden)
        children.push(...inside); // paragraphs of a tight list
      else children.push(createElement(elements[token.tag] ?? 'span', { key, ...attributes(token) }, ...inside));
      continue;
    }
    children.push(leaf(token, key));
  }
  return children;
}

function attributes(token: Token): Record<string, unknown> {
  const start = token.type === 'ordered_list_open' ? Number(token.attrGet('start')) : 0;
  return start > 1 ? { start } : {};
}

function leaf(token: Token, key: number): ReactNode {
  switch (token.type) {
    case 'inline':
      return createElement('span', { key }, ...build(token.children ?? [], { at: 0 }));
    case 'softbreak':
    case 'hardbreak':
      return createElement('br', { key });
    case 'hr':
      return createElement('hr', { key });
    case 'code_inline':
      return createElement('code', { key }, token.content);
    case 'fence':
    case 'code_block':
      // Long lines scroll, which the keyboard can do only in what it can reach.
      return createElement('pre', { key, tabIndex: 0 }, createElement('code', null, token.content));
    case 'image':
      return link(key, token, 'src', token.content || String(token.attrGet('src')));
    default:
      return token.content;
  }
}

export function renderMarkdown(source: string): ReactNode[] {
  return build(parser.parse(source, {}), { at: 0 });
}

export default function Markdown({ source }: { source: string }) {
  const nodes = useMemo(() => renderMarkdown(source), [source]);
  return <div className="markdown">{nodes}</div>;
}
