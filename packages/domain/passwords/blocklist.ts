// Is a password among those that everybody tries first (ASVS 6.2.4)? Local, so that no password and no part of its hash leaves.

import { brotliDecompressSync } from 'node:zlib';
import { canonicalName } from '#contract/fields.ts';
import { commonPasswords } from './common-passwords.ts';

interface Known {
  passwords: ReadonlySet<string>;
  /** Lengths in UTF-16 units. */
  shortest: number;
  longest: number;
}

let known: Known | undefined;

/** True for a common password in any case or Unicode form, and for several of them in a row: `passwordpassword`. */
export function isCommon(password: string): boolean {
  known ??= read();
  const canonical = canonicalName(password);
  // Which beginnings are made of common passwords alone; the empty one is.
  const isMadeOf = [true];
  for (let end = 1; end <= canonical.length; end++) {
    const first = Math.max(0, end - known.longest);
    for (let start = end - known.shortest; start >= first && !isMadeOf[end]; start--) {
      isMadeOf[end] = isMadeOf[start] === true && known.passwords.has(canonical.slice(start, end));
    }
  }
  return canonical.length > 0 && isMadeOf[canonical.length] === true;
}

/** At first use: most requests never ask. */
function read(): Known {
  const lines = brotliDecompressSync(Buffer.from(commonPasswords, 'base64')).toString().split('\n');
  const lengths = lines.map((line) => line.length);
  return { passwords: new Set(lines), shortest: Math.min(...lengths), longest: Math.max(...lengths) };
}
