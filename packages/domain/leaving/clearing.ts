// Clears the partition of a deleted user, turn by turn. Where a copy is kept, what makes the user whole goes into it, sealed; the rest
// is gone. It touches nobody who is there: each turn commits only while the user is deleted, and by this very deletion.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { claimKey, deletedKey, userKeys, type WorkKind, workKinds } from '#table/keys.ts';
import { absent, check, type Item, remove, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import { begin, type Job, type Turn } from '../jobs/jobs.ts';
import { removeIf } from '../jobs/remove-if.ts';
import { forgetPlace } from '../work/clearing.ts';
import { partsOf, partWrites } from './copies.ts';
import { COUNTS_ALONE, type Count, count, counting } from './counts.ts';

/** Half of a turn's writes at most, beside the copy. */
const CHUNK = 40;

const facts = once(() =>
  z.object({
    userId: z.string(),
    /** Is there a copy that it goes into? */
    keeps: z.boolean(),
    /** Records that still count the user. */
    owed: z.array(count()),
    /** Number of the copy's next part. */
    part: z.number(),
  }),
);

type Facts = z.output<ReturnType<typeof facts>>;

/** Nothing that a user needs to be whole: it is dead by then, counts something, or is derived from the rest. */
const PASSING: ReadonlySet<unknown> = new Set([
  'session',
  'session-turn',
  'challenge',
  'pending',
  'reset',
  'limit',
  'work',
  'ending',
  ...workKinds,
]);

export function userClearing(
  deps: Deps,
  { userId, keeps, owed }: { userId: string; keeps: boolean; owed: Count[] },
): { id: string; write: Write } {
  return begin(deps, { kind: 'clear-user', facts: { userId, keeps, owed, part: 1 } });
}

export async function clearUser(deps: Deps, job: Job): Promise<Turn> {
  const known = facts().parse(job.facts);
  const { userId, keeps, owed } = known;
  const [user, deleted] = await deps.table.batchGet([userKeys.user(userId), deletedKey(userId)]);
  const isOver = user !== undefined || (keeps && deleted?.jobId !== job.id);
  if (isOver) return { writes: [], done: 0, isLast: true };
  const guard = keeps
    ? check(deletedKey(userId), ['=', 'jobId', job.id], overtaken)
    : check(userKeys.user(userId), absent, overtaken);
  if (owed.length > 0) {
    const writes = [guard, ...counting(owed.slice(0, COUNTS_ALONE), -1)];
    return { writes, done: 0, isLast: false, facts: { ...known, owed: owed.slice(COUNTS_ALONE) } };
  }
  const partition = userKeys.partition(userId);
  const { items } = await deps.table.query({ partition, limit: CHUNK, consistent: true });
  if (items.length > 0) return clearedItems(deps, known, items, guard);
  if (keeps) return { writes: [], done: 0, isLast: true };
  return forgottenCopy(deps, userId, guard);
}

async function clearedItems(deps: Deps, known: Facts, items: readonly Item[], guard: Write): Promise<Turn> {
  const { userId, keeps, part } = known;
  const kept = keeps ? items.filter(({ type }) => !PASSING.has(type)) : [];
  await forgetPlaces(deps, userId, items);
  if (!keeps) await releaseTokens(deps, items);
  const copy = kept.length > 0 ? partWrites(await deps.sealer(), userId, part, kept) : [];
  return {
    writes: [guard, ...items.map(({ pk, sk }) => remove({ pk, sk })), ...copy],
    done: items.length,
    isLast: false,
    facts: { ...known, part: kept.length > 0 ? part + 1 : part },
  };
}

async function forgottenCopy(deps: Deps, userId: string, guard: Write): Promise<Turn> {
  const parts = await partsOf(deps, userId);
  for (const { items } of parts) await releaseTokens(deps, items);
  const keys = parts.flatMap((part) => part.keys);
  return { writes: [guard, ...keys.map((key) => remove(key))], done: keys.length, isLast: true };
}

/** Ids of the platform that lead to what the user had under way. */
async function forgetPlaces(deps: Deps, userId: string, items: readonly Item[]): Promise<void> {
  const isWork = (type: unknown): type is WorkKind => workKinds.some((kind) => kind === type);
  const work = items.flatMap(({ type, id }) => (isWork(type) ? [{ kind: type, id: id as string }] : []));
  const ever = { userId, epoch: Number.MAX_SAFE_INTEGER };
  await Promise.all(work.map(({ kind, id }) => forgetPlace(deps, kind, id, ever)));
}

/** Values that were made elsewhere may be imported again (S0-52). */
async function releaseTokens(deps: Deps, items: readonly Item[]): Promise<void> {
  const imported = items.filter(({ type, sha256 }) => type === 'token' && sha256 !== undefined);
  await Promise.all(
    imported.map(({ sha256, id }) => removeIf(deps, claimKey('token', sha256 as string), ['=', 'tokenId', id])),
  );
}

/** Not for callers: the stream brings the job again, which then finds that there is nothing to do. */
const overtaken = () => new Error('The user came back, or was forgotten, while their partition was being cleared');
