// An interval of the ledger, as it is kept: somebody held a seat of a license.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import type { Item } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { Cause } from '../licenses/consumption.ts';

const intervalItem = once(() =>
  z.object({
    type: z.literal('interval'),
    v: z.literal(1),
    license: z.string(),
    user: z.string(),
    /** Epoch ms; held from then on. */
    from: z.number(),
    /** Epoch ms; from then on not held any more. Absent: still held. */
    to: z.number().optional(),
    /** As the definitions said when the seat was taken; by ids, whose names are looked up by who shows them. */
    causes: z.array(z.custom<Cause>()),
  }),
);

export type Interval = z.output<ReturnType<typeof intervalItem>>;

export function readInterval(item: Item): Interval {
  return intervalItem().parse(item);
}

/** Those behind a place of a partition, page after page. */
export async function* intervalsBehind(
  deps: Deps,
  partition: string,
  sk: string,
  upTo?: string,
): AsyncGenerator<Interval> {
  let from: Record<string, unknown> | undefined = { pk: partition, sk };
  while (from) {
    const page = await deps.table.query({ partition, from, ...(upTo !== undefined && { upTo }), consistent: true });
    yield* page.items.map(readInterval);
    from = page.next;
  }
}
