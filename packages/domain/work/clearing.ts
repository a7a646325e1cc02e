// Takes away the items of activities and campaign records that the summary's epoch has closed already: cleanup, nothing is decided
// on it.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { userKeys, type WorkKind, workKey, workKinds } from '#table/keys.ts';
import type { Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { begin, type Job, type Turn } from '../jobs/jobs.ts';
import { removeIf } from '../jobs/remove-if.ts';

const CHUNK = 50;

const facts = once(() =>
  z.object({
    userId: z.string(),
    epoch: z.number(),
    /** Absent: all. */
    kinds: z.array(z.enum(workKinds)).optional(),
  }),
);

/** @param epoch items of older epochs go, of these kinds or of all */
export function workRemoval(deps: Deps, userId: string, epoch: number, kinds?: readonly WorkKind[]): Write {
  return begin(deps, { kind: 'clear-work', facts: { userId, epoch, ...(kinds && { kinds }) } }).write;
}

export async function clearWork(deps: Deps, job: Job): Promise<Turn> {
  const { userId, epoch, kinds = workKinds } = facts().parse(job.facts);
  const dead: { kind: WorkKind; id: string }[] = [];
  for (const kind of kinds) {
    const read = { partition: userKeys.partition(userId), beginsWith: userKeys.workPrefix(kind), consistent: true };
    for await (const item of deps.table.all(read)) {
      if (dead.length > CHUNK) break;
      if ((item.epoch as number) < epoch) dead.push({ kind, id: item.id as string });
    }
  }
  const now = dead.slice(0, CHUNK);
  await Promise.all(now.map(({ kind, id }) => clear(deps, kind, id, { userId, epoch })));
  return { writes: [], done: now.length, isLast: now.length === dead.length };
}

/** One by one: what was opened anew or handed over since it was read stays, and keeps nothing else from going. */
async function clear(deps: Deps, kind: WorkKind, id: string, of: { userId: string; epoch: number }): Promise<void> {
  await forgetPlace(deps, kind, id, of);
  await removeIf(deps, userKeys.workItem(of.userId, kind, id), ['<', 'epoch', of.epoch]);
}

/** The platform's id leads to this user no more. @param epoch only what was opened before it */
export async function forgetPlace(
  deps: Deps,
  kind: WorkKind,
  id: string,
  { userId, epoch }: { userId: string; epoch: number },
): Promise<void> {
  await removeIf(deps, workKey(kind, id), ['and', ['=', 'userId', userId], ['<', 'epoch', epoch]]);
}
