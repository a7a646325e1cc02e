// Cleaning up one by one: what has become another thing since it was read stays, and keeps nothing else from going.

import type { Condition } from '#table/condition.ts';
import type { Key } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import type { Deps } from '../deps.ts';

export async function removeIf(deps: Deps, key: Key, condition: Condition): Promise<void> {
  try {
    await deps.table.write(remove(key, { if: condition, otherwise: () => new Otherwise() }));
  } catch (error) {
    if (!(error instanceof Otherwise)) throw error;
  }
}

/** Not for callers: it is gone, or is another one now. */
class Otherwise extends Error {
  override readonly name = 'Otherwise';
}
