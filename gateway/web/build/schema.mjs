// Writes src/api/schema.gen.ts from the API's description; with --check it only compares.
import fs from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const source = new URL('../../../proto/gen/openapi/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.gen.ts', import.meta.url);

const header = '// Made from proto/gen/openapi/openapi.json by `npm run schema`. Do not edit.\n\n';
const text = header + astToString(await openapi(source, { alphabetize: true }));
if (!process.argv.includes('--check')) {
  fs.writeFileSync(target, text);
} else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
  console.error('src/api/schema.gen.ts is not what the API says: npm run schema');
  process.exit(1);
}
