// After `vite build`: checks the sizes of what a browser loads first, and compresses the files for the server.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const manifestFile = path.join(dist, '.vite/manifest.json');
const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));

const KiB = 1024;
const budgets = { shell: 115 * KiB, route: 230 * KiB, firstRoute: 185 * KiB, css: 12 * KiB };
const gzipped = new Map();
const faults = [];

function gzip(file) {
  if (!gzipped.has(file)) gzipped.set(file, zlib.gzipSync(fs.readFileSync(path.join(dist, file)), { level: 9 }));
  return gzipped.get(file);
}

// Everything that a chunk imports statically, itself included.
function closure(keys, files = new Set()) {
  for (const key of keys) {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) continue;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    closure(chunk.imports ?? [], files);
  }
  return files;
}

function weigh(name, keys, budget) {
  const files = [...closure(keys)];
  const sum = (extension) => files.filter((f) => f.endsWith(extension)).reduce((total, f) => total + gzip(f).length, 0);
  const js = sum('.js');
  const css = sum('.css');
  console.log(
    `${name.padEnd(36)} ${(js / KiB).toFixed(1).padStart(6)} KiB JS  ${(css / KiB).toFixed(1).padStart(5)} KiB CSS  (gzip)`,
  );
  if (js > budget) faults.push(`${name}: JS is over ${budget / KiB} KiB`);
  if (css > budgets.css) faults.push(`${name}: CSS is over ${budgets.css / KiB} KiB`);
}

// The first script, its styles and what it imports.
const shell = Object.keys(manifest).filter((key) => key.startsWith('_shell-') && key.endsWith('.js'));
if (shell.length !== 1) throw new Error('the manifest has not one shell');
const script = `/${manifest[shell[0]].file}`;

weigh('shell', shell, budgets.shell);
for (const [key, chunk] of Object.entries(manifest)) {
  if (!chunk.isDynamicEntry || !key.endsWith('page.tsx')) continue;
  const first = /\/(list|login|queue)-page\.tsx$/.test(key); // what people see first, customers or staff
  weigh(path.basename(key, '.tsx'), [...shell, key], first ? budgets.firstRoute : budgets.route);
}

const staffTicket = Object.keys(manifest).find((key) => key.endsWith('staff-ticket.tsx'));
for (const page of ['ticket-page', 'queue-page']) {
  const key = Object.keys(manifest).find((name) => name.endsWith(`${page}.tsx`));
  weigh(`${page} with a ticket of staff`, [...shell, key, staffTicket], budgets.route);
}

// The page names the files that its script is going to ask for, the largest first as it takes the longest, and the page of
// each place those of this place, so that all of them come at once. The script is async, or it would wait until the page has
// been drawn empty.
const indexFile = path.join(dist, 'index.html');
let html = fs
  .readFileSync(indexFile, 'utf8')
  .replace(/ *<script type="module" [^>]*src="([^"]+)"><\/script>\n/g, (tag, src) =>
    src === script ? tag.replace('<script', '<script async') : '',
  );
if (!html.includes('<script async')) throw new Error('index.html does not ask for the shell');
// Within the page these cost no request. The server lets exactly them run.
for (const name of ['theme.js', 'early.js']) {
  const tag = `<script src="/${name}">`;
  if (!html.includes(tag)) throw new Error(`index.html has no ${name}`);
  html = html.replace(tag, () => `<script>${fs.readFileSync(path.join(dist, name), 'utf8')}`);
}
const size = (file) => fs.statSync(path.join(dist, file)).size;

function withLinks(files) {
  const links = files.map((file) => {
    const kind = file.endsWith('.css') ? 'stylesheet' : 'modulepreload';
    return `    <link rel="${kind}" crossorigin href="/${file}">\n`;
  });
  const [before, after, ...others] = html.split('  </head>');
  if (after === undefined || others.length > 0) throw new Error('index.html has another end of its head');
  return `${before}${links.join('')}  </head>${after}`;
}

const needed = closure(shell);
const ahead = [...needed].filter((file) => !html.includes(file)).sort((a, b) => size(b) - size(a));
fs.writeFileSync(indexFile, withLinks(ahead));

const places = JSON.parse(fs.readFileSync(new URL('../src/places.json', import.meta.url), 'utf8'));
fs.mkdirSync(path.join(dist, '.pages'));
for (const { page } of places) {
  const key = Object.keys(manifest).find((name) => name.endsWith(`/${page}-page.tsx`));
  if (!key) throw new Error(`places.json: there is no file of the page "${page}"`);
  const own = [...closure([key])].filter((file) => !needed.has(file));
  fs.writeFileSync(path.join(dist, `.pages/${page}.html`), withLinks([...ahead, ...own]));
}
// Browsers of a server without HTTP/2 ask for six things at a time: the largest file is to be among the first, and what
// starts it.
const first = [...ahead, ...html.match(/assets\/[^"]+\.(js|css)/g)].map((file) => `/${file}`);
fs.writeFileSync(path.join(dist, '.pages/places.json'), JSON.stringify({ first, places }));

fs.rmSync(path.dirname(manifestFile), { recursive: true });
for (const entry of fs.readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
  const content = fs.readFileSync(file);
  const quality = {
    [zlib.constants.BROTLI_PARAM_QUALITY]: 11,
    [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  for (const [suffix, small] of [
    ['.gz', zlib.gzipSync(content, { level: 9 })],
    ['.br', zlib.brotliCompressSync(content, { params: quality })],
  ]) {
    if (small.length < content.length * 0.9) fs.writeFileSync(file + suffix, small);
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
