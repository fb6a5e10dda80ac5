import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

// assertAccessible looks at the dark theme with the rules for colours only. That is enough as long as this holds.

const web = new URL('..', import.meta.url).pathname;

/** The files below a folder that end so, with their text. */
function read(folder: string, ending: RegExp): [name: string, text: string][] {
  const names = fs.readdirSync(path.join(web, folder), { recursive: true, encoding: 'utf8' });
  const found = names.filter((name) => ending.test(name) && !/\.test\./.test(name));
  return found.map((name) => [`${folder}/${name}`, fs.readFileSync(path.join(web, folder, name), 'utf8')]);
}

it('lets the themes differ in colours alone', () => {
  const styles = [...read('src', /\.css$/), ...read('public', /\.css$/)];
  assert.ok(styles.length > 5, 'the styles are found');
  const rules: string[] = [];
  for (const [name, text] of styles) {
    const css = text.replace(/\/\*.*?\*\//gs, '');
    expect(css, name).not.toMatch(/prefers-color-scheme|@container style/);
    expect(css, name).not.toMatch(/light-dark\([^;]*(url|image|gradient)/); // of colours
    rules.push(...Array.from(css.matchAll(/[^{}]*\[data-theme[^{}]*\{([^{}]*)\}/g), ([, body]) => body?.trim() ?? ''));
  }
  assert.deepEqual([...new Set(rules)].sort(), ['color-scheme: dark;', 'color-scheme: light;']);
});

it('lets no script ask for the theme but the one that sets it', () => {
  const scripts = [...read('src', /\.tsx?$/), ...read('public', /\.js$/)];
  const asking = scripts.filter(([, text]) => /color-scheme|dataset\.theme|data-theme/.test(text));
  assert.deepEqual(asking.map(([name]) => name).sort(), ['public/theme.js', 'src/features/shell/theme.ts']);
});
