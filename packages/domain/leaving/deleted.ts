// Deleted users that can be restored: who they were, until when, and how far their copy is (C14). The names are sealed as well.

import * as z from 'zod';
import { once } from '#contract/once.ts';
import { Problem } from '#contract/problems.ts';
import { deletedKey, deletedPartition, userKeys } from '#table/keys.ts';
import type { Sealer } from '#table/seal.ts';
import { absent, type Item, put, type Write } from '#table/write.ts';
import type { Deps } from '../deps.ts';
import type { User } from '../users/user.ts';
import { count } from './counts.ts';

const deletedItem = once(() =>
  z.object({
    type: z.literal('deleted-user'),
    v: z.literal(1),
    userId: z.string(),
    /** Moves with each step of a restoration, so that two of them do not mix. */
    revision: z.number(),
    /** The job that completes the copy and clears what is left of the user away. */
    jobId: z.string(),
    /** Sealed: title and login. */
    names: z.string(),
    deletedAt: z.number(),
    deletedBy: z.string(),
    restorableUntil: z.number(),
    /** Records that count the user again already, where a restoration takes more than one transaction. */
    counted: z.array(count()).optional(),
  }),
);

export type Deleted = z.output<ReturnType<typeof deletedItem>>;

export function readDeleted(item: Item): Deleted {
  return deletedItem().parse(item);
}

export function deletedCreation(
  sealer: Sealer,
  { id, title, login }: User,
  given: Pick<Deleted, 'jobId' | 'deletedAt' | 'deletedBy' | 'restorableUntil'>,
): Write {
  const names = sealer.seal(purpose(id), { title, login });
  const item = { type: 'deleted-user', v: 1, userId: id, revision: 1, names, ...given };
  return put({ ...deletedKey(id), ...item, ...userKeys.due('deleted', given.restorableUntil) }, { if: absent });
}

/** @throws Problem `deleted_user_not_found` */
export async function requireDeleted(deps: Deps, userId: string): Promise<Deleted> {
  const item = await deps.table.get(deletedKey(userId));
  const deleted = item && readDeleted(item);
  if (!deleted || deleted.restorableUntil <= deps.now()) throw notFound(userId);
  return deleted;
}

export function notFound(userId: string): Problem {
  return new Problem('deleted_user_not_found', {
    detail: `No deleted user with the id ${userId} can be restored: they are back, or gone for good`,
  });
}

/** One page, in the order of ids. */
export async function page(
  deps: Deps,
  { limit, from }: { limit: number; from: Record<string, unknown> | undefined },
): Promise<{ deletedUsers: ReturnType<typeof shownDeleted>[]; next?: Record<string, unknown> }> {
  const { items, next } = await deps.table.query({ partition: deletedPartition, limit, from, consistent: true });
  const sealer = await deps.sealer();
  const restorable = items.map(readDeleted).filter(({ restorableUntil }) => restorableUntil > deps.now());
  return { deletedUsers: restorable.map((deleted) => shownDeleted(sealer, deleted)), ...(next && { next }) };
}

function shownDeleted(sealer: Sealer, { userId, names, deletedAt, deletedBy, restorableUntil }: Deleted) {
  const { title, login } = sealer.unseal(purpose(userId), names) as { title: string; login: string };
  const [at, until] = [new Date(deletedAt).toISOString(), new Date(restorableUntil).toISOString()];
  return { id: userId, title, login, deletedAt: at, deletedBy, restorableUntil: until };
}

const purpose = (userId: string) => `deleted user ${userId} names`;
