// Writes what docs/ derives from the list of operations, or with --check tells which committed file is behind.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './openapi-document.ts';
import { permissionsPage } from './permissions-page.ts';

const derived: Readonly<Record<string, string>> = {
  'docs/openapi.json': `${JSON.stringify(openApiDocument(), null, 2)}\n`,
  'docs/permissions.md': permissionsPage(),
};

for (const [file, written] of Object.entries(derived)) {
  const path = join(import.meta.dirname, '../..', file);
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (!process.argv.includes('--check')) {
    writeFileSync(path, written);
    console.log(`Wrote ${file}`);
  } else if (committed === written) {
    console.log(`${file} says what the operations say`);
  } else {
    console.error(`${file} is behind the operations${firstDifference(committed, written)}; run: npm run openapi`);
    process.exitCode = 1;
  }
}

function firstDifference(committed: string, written: string): string {
  if (committed === '') return ' (it is missing)';
  const before = committed.split('\n');
  const now = written.split('\n');
  const longest = now.length > before.length ? now : before;
  return ` from line ${longest.findIndex((_, index) => now[index] !== before[index]) + 1}`;
}
