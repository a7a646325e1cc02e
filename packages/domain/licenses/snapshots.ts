// Snapshots: the day's totals, written once a day. Counts users by type and state; licenses follow with their catalogue.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { shelves, snapshotKey, userKeys } from '#table/keys.ts';
import { absent, put } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { readListed } from '../users/user.ts';

export const snapshotItem = once(() =>
  z.object({
    type: z.literal('snapshot'),
    v: z.literal(1),
    day: z.string(),
    takenAt: z.number(),
    /** "<type> <state>" → users. */
    users: z.record(z.string(), z.number()),
  }),
);

export type Snapshot = z.output<ReturnType<typeof snapshotItem>>;

/** Takes the snapshot of a day (yyyy-mm-dd, UTC); a day that has one keeps it. */
export async function take(deps: Deps, day: string): Promise<Snapshot> {
  const known = await deps.table.get(snapshotKey(day));
  if (known) return snapshotItem().parse(known);
  const snapshot: Snapshot = { type: 'snapshot', v: 1, day, takenAt: deps.now(), users: await countUsers(deps) };
  try {
    await deps.table.write(put({ ...snapshot, ...snapshotKey(day) }, { if: absent, otherwise: () => new Taken() }));
    return snapshot;
  } catch (error) {
    if (!(error instanceof Taken)) throw error;
    return take(deps, day);
  }
}

async function countUsers(deps: Deps): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const partition of shelves.flatMap(userKeys.listPartitions)) {
    for await (const item of deps.table.all({ index: 'users', partition })) {
      const { userType, state } = readListed(item);
      counts[`${userType} ${state}`] = (counts[`${userType} ${state}`] ?? 0) + 1;
    }
  }
  return counts;
}

class Taken extends Error {
  override readonly name = 'Taken';
}
