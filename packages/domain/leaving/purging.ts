// Deleted users whose time is over are gone for good: the copy, and the claims on the names that they signed in with (K9, C14). Found
// by the sparse index of due work, never by scanning.

import { deletedKey } from '#table/keys.ts';
import { remove } from '#table/write.ts';
import { entry } from '../audit/audit.ts';
import type { Deps } from '../deps.ts';
import { eachDue } from '../schedules/due.ts';
import * as claims from '../users/claims.ts';
import { accountMoves } from '../users/sip-accounts.ts';
import { readTelephony } from '../users/telephony.ts';
import { readUser } from '../users/user.ts';
import { userClearing } from './clearing.ts';
import { partsOf } from './copies.ts';
import { readDeleted } from './deleted.ts';

/** @returns how many */
export async function purgeDue(deps: Deps): Promise<number> {
  return eachDue(deps, 'deleted', async (key) => {
    const item = await deps.table.get(key);
    const deleted = item && readDeleted(item);
    // The index may be a moment old.
    if (!deleted || deleted.restorableUntil > deps.now()) return false;
    return purge(deps, deleted);
  });
}

/** From its one transaction on nobody restores them; what is left of the copy is then cleared away by a job. */
async function purge(deps: Deps, { userId, revision, counted = [] }: ReturnType<typeof readDeleted>): Promise<boolean> {
  const [core] = await partsOf(deps, userId);
  const user = core?.items[0];
  if (!user) throw new Error(`The copy of ${userId} has no user in it`);
  const unchanged = { if: ['=', 'revision', revision] as const, otherwise: () => new Overtaken() };
  try {
    await deps.table.transact([
      remove(deletedKey(userId), unchanged),
      ...claims.releases({ ...readUser(user), mobile: undefined }),
      ...accountMoves(userId, readTelephony(core?.items.find(({ type }) => type === 'telephony')), {}),
      userClearing(deps, { userId, keeps: false, owed: counted }).write,
      entry(deps, { event: 'user.purged', actor: 'system', subject: { type: 'user', id: userId } }),
    ]);
    return true;
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
}

/** Not for callers: it was restored at the last moment, or another sweep was faster. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}
