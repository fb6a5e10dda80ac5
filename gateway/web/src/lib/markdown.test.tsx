import { render } from '@testing-library/react';
import { isValidElement, type ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import Markdown, { renderMarkdown, safeHref } from './markdown.tsx';

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

/** Where the links of a text lead. */
const leads = (source: string) => [...html(source).querySelectorAll('a')].map((a) => a.getAttribute('href'));

describe('addresses in the text', () => {
  it.each([
    ['see https://a.example/x?y=1#z', 'https://a.example/x?y=1#z'],
    ['see http://a.example.', 'http://a.example'],
    ['(https://a.example/x)', 'https://a.example/x'],
    ['https://a.example/x_(y), and more', 'https://a.example/x_(y)'],
    ['"https://a.example/x"', 'https://a.example/x'],
    ['is it https://a.example/x?', 'https://a.example/x'],
    ['https://somebody:secret@a.example/x', 'https://somebody:secret@a.example/x'],
    ['**https://a.example/x**', 'https://a.example/x'],
    ['https://a.example/some_file_name', 'https://a.example/some_file_name'],
    ['| at |\n|---|\n| https://a.example/x |', 'https://a.example/x'],
    ['<https://a.example/x>', 'https://a.example/x'],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
  ])('are links: %s', (source, href) => {
    expect(leads(source)).toEqual([href]);
    const a = html(source).querySelector('a');
    expect(a?.textContent).toBe(href);
    expect(a?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });

  it('lead where their text says if a link has one', () => {
    expect(leads('[see https://a.example](https://b.example)')).toEqual(['https://b.example']);
  });

  it('look as they were written', () => {
    expect(html('https://xn--80ak6aa92e.com/%61').querySelector('a')?.textContent).toBe(
      'https://xn--80ak6aa92e.com/%61',
    );
  });

  it.each([
    '`https://a.example`',
    '```\nhttps://a.example\n```',
    '    https://a.example',
    'a.example',
    'www.a.example',
    'a@b.example',
    'mailto:a@b.example',
    'ftp://a.example',
    '//a.example',
    'javascript://a.example/%0Aalert(1)',
    'https://',
    'https:// a.example',
  ])('are none: %s', (source) => {
    expect(leads(source)).toEqual([]);
  });

  it('lead nowhere else, whatever stands around them', () => {
    const pieces = [
      'https://',
      'http://',
      'javascript:',
      'a.example',
      '/x',
      '[',
      ']',
      '(',
      ')',
      '<',
      '>',
      '`',
      '```\n',
      '**',
    ].concat([
      '_',
      '!',
      '"',
      "'",
      '.',
      '?',
      ' ',
      '\n',
      '\n\n',
      '|',
      '\\',
      '&#58;',
      '%0A',
      '\u202e',
      'ß',
      '@',
      ':',
      '#',
      '    ',
    ]);
    let state = 7; // the same texts each time
    const next = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    let links = 0;
    for (let round = 0; round < 1_000; round++) {
      const source = Array.from({ length: 1 + next(14) }, () => pieces[next(pieces.length)]).join('');
      const walk = (node: ReactNode, inCode: boolean): void => {
        if (Array.isArray(node)) for (const each of node) walk(each, inCode);
        if (!isValidElement<{ href?: string; children?: ReactNode }>(node)) return;
        const { type, props } = node;
        if (type === 'a') {
          links++;
          expect(inCode, source).toBe(false);
          expect(props.href, source).toMatch(/^(https?:\/\/|mailto:)/i);
        }
        walk(props.children, inCode || type === 'code' || type === 'a');
      };
      walk(renderMarkdown(source), false);
    }
    expect(links).toBeGreaterThan(50);
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
