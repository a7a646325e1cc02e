// Writes docs/openapi.json from the list of operations, or with --check tells whether the committed one is behind.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './openapi-document.ts';

const path = join(import.meta.dirname, '../../docs/openapi.json');
const written = `${JSON.stringify(openApiDocument(), null, 2)}\n`;
const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';

if (!process.argv.includes('--check')) {
  writeFileSync(path, written);
  console.log('Wrote docs/openapi.json');
} else if (committed === written) {
  console.log('docs/openapi.json says what the operations say');
} else {
  console.error(`docs/openapi.json is behind the operations${firstDifference()}; run: npm run openapi`);
  process.exitCode = 1;
}

function firstDifference(): string {
  const before = committed.split('\n');
  const line = written.split('\n').findIndex((now, index) => now !== before[index]);
  return committed === '' ? ' (it is missing)' : ` from line ${line + 1}`;
}
