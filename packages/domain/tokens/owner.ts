// Whose token it is: who makes or changes one gets hold of the owner's account by it, so the owner must be within the caller's reach.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import { check, type Write } from '#table/write.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { type Granter, stillHolds } from '../grants/limits.ts';
import { requireInReach } from '../users/in-sight.ts';
import type { User } from '../users/user.ts';

const TRIES = 5;

/**
 * Does the work for the owner as they are, and once more when they were changed meanwhile.
 * @param work commits the writes that it is given with its own: they hold that both are still as they were judged
 * @throws Problem `user_not_found`, `outranked`; at commit `caller_changed`
 */
export async function forOwner<T>(
  deps: Deps,
  caller: Granter & { definitions: Definitions },
  userId: string,
  work: (owner: User, stillSo: Write[]) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    const owner = await requireInReach(deps, caller, userId);
    try {
      return await work(owner, stillSo(caller, owner));
    } catch (error) {
      if (!(error instanceof OwnerChanged)) throw error;
      if (tries === TRIES) throw new Problem('try_again', { retryAfterSeconds: 1, cause: error });
    }
  }
}

function stillSo(caller: Granter, owner: User): Write[] {
  // One check an item: for oneself it is that of the caller.
  if (owner.id === caller.user.id) return stillHolds(caller);
  const asJudged = check(userKeys.user(owner.id), ['=', 'version', owner.version], () => new OwnerChanged());
  return [asJudged, ...stillHolds(caller, owner.id)];
}

/** Not for callers: the owner may hold more now than when they were judged. */
class OwnerChanged extends Error {
  override readonly name = 'OwnerChanged';
}
