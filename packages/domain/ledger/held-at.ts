// Who held a seat of a license at an instant: whoever took one by then, and had not freed it. Read from the ledger, page by page.

import { ledgerKeys } from '#table/keys.ts';
import { type Position, page } from '#table/page.ts';
import type { Deps } from '../deps.ts';
import { type Interval, readInterval } from './interval.ts';

/** @param from `next` of the page before */
export async function heldAt(
  deps: Deps,
  license: string,
  at: number,
  { limit, from }: { limit: number; from: Position | undefined },
): Promise<{ intervals: Interval[]; next?: Position }> {
  const partitions = ledgerKeys.partitions(license);
  const sk = ledgerKeys.endedAfter(at);
  const { rows, next } = await page(deps.table, {
    partitions,
    limit,
    from: from ?? Object.fromEntries(partitions.map((pk) => [pk, { pk, sk }])),
    row: (item) => {
      const interval = readInterval(item);
      return interval.from <= at ? interval : undefined;
    },
  });
  return { intervals: rows, ...(next && { next }) };
}
