// Cursors of lists: where a page ended, sealed for one list, one filter and one caller, so that nobody reads or bends it.

import { Problem } from '#contract/problems.ts';
import type { Sealer } from './seal.ts';

/** @param list names the list, its filters and the caller: the cursor is good for just that. */
export function sealCursor(sealer: Sealer, list: string, from: Record<string, unknown>): string {
  return sealer.seal(`cursor ${list}`, from);
}

/** @throws Problem `invalid_cursor` */
export function openCursor<From = Record<string, unknown>>(sealer: Sealer, list: string, cursor: string): From {
  const from = sealer.unseal(`cursor ${list}`, cursor);
  if (from === undefined) {
    throw new Problem('invalid_cursor', {
      detail: 'Use the `next` of this very list with the same filters, or start without a cursor',
    });
  }
  return from as From;
}
