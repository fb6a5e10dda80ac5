import { render } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import Markdown, { safeHref } from './markdown.tsx';

const html = (source: string) => render(<Markdown source={source} />).container;

describe('Markdown', () => {
  it('renders structure', () => {
    const out = html('# Title\n\nA *b* **c** `d`\n\n- one\n- two\n\n3. three\n4. four\n\n```\n<code>\n```');
    expect(out.querySelector('h3')?.textContent).toBe('Title');
    expect(out.querySelector('em')?.textContent).toBe('b');
    expect(out.querySelectorAll('ul li')).toHaveLength(2);
    expect(out.querySelector('ol')?.getAttribute('start')).toBe('3');
    expect(out.querySelector('pre code')?.textContent).toBe('<code>\n');
  });

  it('renders tables and line breaks', () => {
    const out = html('| a | b |\n|---|---|\n| 1 | 2 |\n\nx\ny');
    expect([...out.querySelectorAll('td')].map((td) => td.textContent)).toEqual(['1', '2']);
    expect(out.querySelectorAll('br')).toHaveLength(1);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '![x](javascript:alert(1))',
    '<a href="javascript:alert(1)">x</a>',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<svg onload=alert(1)>',
  ])('makes nothing that runs of %s', (source) => {
    const out = html(source);
    expect(out.querySelector('script, img, svg, a, iframe, [onerror], [onload]')).toBeNull();
    expect(out.textContent).not.toBe('');
  });

  it('turns images into links, which load nothing', () => {
    const a = html('![chart](https://example.com/chart.png)').querySelector('a');
    expect(a?.textContent).toBe('chart');
    expect(a?.getAttribute('href')).toBe('https://example.com/chart.png');
    expect(a?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });
});

describe('safeHref', () => {
  it.each([
    ['https://a.example', true],
    ['HTTP://a.example', true],
    ['mailto:a@b.example', true],
    ['javascript:alert(1)', false],
    ['//a.example', false],
    [' javascript:alert(1)', false],
    ['', false],
  ])('%s: %s', (address, ok) => {
    expect(safeHref(address) !== undefined).toBe(ok);
  });
});
