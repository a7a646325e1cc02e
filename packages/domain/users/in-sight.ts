// Getting hold of a user to look at or to change, as far as the caller may.

import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { permissionsOf } from '../grants/effective.ts';
import { checkReach, type Granter } from '../grants/limits.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { applied } from './queued.ts';
import type { User } from './user.ts';
import * as users from './users.ts';

/** @throws Problem `user_not_found`, also for who is out of sight: their existence is nobody's business */
export async function requireInSight(deps: Deps, viewer: Viewer, userId: string): Promise<User> {
  const user = await users.require(deps, userId);
  if (!isInSight(viewer, user)) throw users.notFound(userId);
  return user;
}

/** @throws Problem `user_not_found`, `outranked` */
export async function requireInReach(
  deps: Deps,
  caller: Granter & { definitions: Definitions },
  userId: string,
): Promise<User> {
  const user = await requireInSight(deps, caller, userId);
  // Also what waits for their sign-out: who gets hold of the account gets that as well.
  const both = [user, applied(user, deps.now())];
  checkReach(caller, user, {
    permissions: new Set(both.flatMap((each) => [...permissionsOf(each, caller.definitions)])),
    rights: both.flatMap(({ rights }) => (rights && caller.definitions.rights.get(rights)) || []),
  });
  return user;
}
