// The operator's key of this machine: in production only its SHA-256 is known to a stack. Made once, readable for its owner only.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function operatorKeyOf(folder: string): { path: string; key: string } {
  const path = join(folder, 'operator-key');
  if (!existsSync(path)) {
    // Whole or not at all, as the keys beside it.
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, `rop_${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true });
    linkSync(beside, path);
    rmSync(beside);
  }
  return { path, key: readFileSync(path, 'utf8').trim() };
}

export const sha256Of = (key: string): string => createHash('sha256').update(key).digest('hex');
