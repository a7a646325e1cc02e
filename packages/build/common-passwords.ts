// Writes packages/domain/passwords/common-passwords.ts: of the package's list of common passwords what could pass the length
// floor, compressed. Run it after an upgrade of the package; a test tells when it is behind.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { dictionary } from '@zxcvbn-ts/language-common';
import { canonicalName } from '#contract/fields.ts';
import { FLOOR } from '#domain/passwords/policy.ts';

/** In the spelling in which passwords are compared, sorted, one a line. */
export function commonPasswordLines(): string {
  const canonical = (dictionary['passwords-common'] as string[]).map(canonicalName);
  const long = canonical.filter((password) => [...password].length >= FLOOR && !password.includes('\n'));
  return [...new Set(long)].sort().join('\n');
}

if (import.meta.main) {
  const lines = commonPasswordLines();
  const size = { [constants.BROTLI_PARAM_SIZE_HINT]: lines.length, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const packed = brotliCompressSync(lines, { params: size }).toString('base64');
  writeFileSync(
    join(import.meta.dirname, '../domain/passwords/common-passwords.ts'),
    [
      `// ${lines.split('\n').length} common passwords from @zxcvbn-ts/language-common, one a line, as Brotli in base64. Written by packages/build/common-passwords.ts.`,
      '',
      'export const commonPasswords =',
      `  '${packed}';`,
      '',
    ].join('\n'),
  );
}
