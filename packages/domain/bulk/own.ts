// Whoever asks for a bulk edit may be among those whom it means: what they do not change of themselves so.

import { Problem } from '#contract/problems.ts';
import { permissionsOf } from '../grants/effective.ts';
import { beyond } from '../grants/sight.ts';
import { checkStaysAllowed } from '../limits/allowed-networks.ts';
import { isSignInKept } from '../users/judging.ts';
import type { User } from '../users/user.ts';
import type { Actor } from './actor.ts';
import type { Wanted } from './wanted.ts';

/** A narrowed API token would get hold of all that its owner holds. @throws Problem `not_permitted` (K5) */
export function checkIsNotOwner({ token, user: owner }: Actor, user: Pick<User, 'id'>): void {
  if (!token?.scopes || owner.id !== user.id) return;
  throw new Problem('not_permitted', {
    detail: 'An API token that is narrowed to scopes does not change its own owner',
    rule: 'K5',
    because: token.scopes,
  });
}

/**
 * Nobody loses by oversight what they hold, or shuts themselves out, in a change of many.
 * @throws Problem `reauthentication_needed`, `would_lock_yourself_out`, `would_lose_own_permission`
 */
export function checkOwn(
  actor: Actor,
  address: string,
  { before, after }: { before: User; after: User },
  { changes, userGroup }: Wanted,
): void {
  if (!isSignInKept(before, after)) {
    throw new Problem('reauthentication_needed', {
      detail: 'What you sign in with yourself you change alone, after proving who you are: PATCH /v1/users/{userId}',
      rule: 'ASVS 7.5.1',
    });
  }
  const groupNetworks = userGroup && actor.definitions.userGroups.get(userGroup)?.allowedNetworks;
  for (const networks of [changes.allowedNetworks, groupNetworks]) {
    if (networks) checkStaysAllowed(networks, { address, force: false });
  }
  const held = permissionsOf(after, actor.definitions);
  const lost = [...permissionsOf(before, actor.definitions)].filter((permission) => !held.has(permission));
  const { rights } = actor.definitions;
  const had = before.rights === undefined ? undefined : rights.get(before.rights);
  const has = after.rights === undefined ? undefined : rights.get(after.rights);
  const further = had && !after.superUser ? beyond(has, had) : [];
  if (lost.length === 0 && further.length === 0) return;
  throw new Problem('would_lose_own_permission', {
    detail: `By this you would lose ${[...lost, ...further].join(', ')} yourself, with the rest of the work undone; change your own by PATCH /v1/users/{userId}`,
    because: [...lost, ...further],
  });
}
