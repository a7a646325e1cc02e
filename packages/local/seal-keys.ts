// The tenant's key on this machine: what SSM Parameter Store keeps for a stack. Made once, never overwritten.

import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSealKeys, type SealKeys } from '#table/seal.ts';

/** The keys of a data folder, readable for their owner only. */
export function sealKeysOf(folder: string): SealKeys {
  const path = join(folder, 'seal-keys.json');
  if (!existsSync(path)) {
    // Whole or not at all: a key cut short by a kill would leave everything sealed with it unreadable.
    const beside = `${path}.${process.pid}`;
    writeFileSync(beside, JSON.stringify(makeSealKeys(Date.now())), { mode: 0o600, flush: true });
    linkSync(beside, path);
    rmSync(beside);
  }
  return JSON.parse(readFileSync(path, 'utf8')) as SealKeys;
}
