// Getting hold of a user to look at or to change, as far as the caller may.

import { Problem } from '#contract/problems.ts';
import { userKeys } from '#table/keys.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { Deps } from '../deps.ts';
import { permissionsOf } from '../grants/effective.ts';
import { checkReach, type Granter } from '../grants/limits.ts';
import { isInSight, type Viewer } from '../grants/sight.ts';
import { applied } from './queued.ts';
import { readUser, type User } from './user.ts';
import * as users from './users.ts';

/** @throws Problem `user_not_found`, also for who is out of sight: their existence is nobody's business */
export async function requireInSight(deps: Deps, viewer: Viewer, userId: string): Promise<User> {
  const user = await users.require(deps, userId);
  if (!isInSight(viewer, user)) throw users.notFound(userId);
  return user;
}

/** Titles of those of them who are there and in sight; for what is only shown, so it may be a moment old. */
export async function titlesInSight(
  deps: Deps,
  viewer: Viewer,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => id.startsWith('usr_'));
  if (ids.length === 0) return new Map();
  const items = await deps.table.batchGet(ids.map(userKeys.user), { consistent: false });
  const found = items.filter((item) => item !== undefined).map(readUser);
  return new Map(found.filter((user) => isInSight(viewer, user)).map(({ id, title }) => [id, title]));
}

/** @throws Problem `user_not_found`, `outranked` */
export async function requireInReach(
  deps: Deps,
  caller: Granter & { definitions: Definitions },
  userId: string,
): Promise<User> {
  const user = await requireInSight(deps, caller, userId);
  checkInReach(caller, user, deps.now());
  return user;
}

/** @throws Problem `outranked` */
export function checkInReach(caller: Granter & { definitions: Definitions }, user: User, now: number): void {
  // Also what waits for their sign-out: who gets hold of the account gets that as well.
  const both = [user, applied(user, now)];
  checkReach(caller, user, {
    permissions: new Set(both.flatMap((each) => [...permissionsOf(each, caller.definitions)])),
    rights: both.flatMap(({ rights }) => (rights && caller.definitions.rights.get(rights)) || []),
  });
}

/** Whoever comes back is judged anew as a whole: changes come with that. @throws Problem `user_deactivated` */
export function checkNotDeactivated({ id, title, state }: User): void {
  if (state !== 'deactivated') return;
  throw new Problem('user_deactivated', {
    detail: `${title} is deactivated; restore them, with the changes that you want: POST /v1/users/${id}/restore`,
    rule: 'S0-56',
    because: state,
    remedy: `POST /v1/users/${id}/restore with {"changes": …}`,
  });
}
