// A found user as a row of the list, as far as the caller may see them and as far as is known where they were found.

import type { Permission } from '#contract/permissions.ts';
import { defaultUserGroup } from '../records/record.ts';
import type { Found } from './filter.ts';

/** To everybody who may see the user. */
export function shownToAll({ id, title, emoji, userType: type, state }: Found) {
  return { id, title, emoji, type, state };
}

/** To a caller with these permissions. */
export function shownFound(permissions: ReadonlySet<Permission>, user: Found) {
  if (!permissions.has('users:read-details')) return shownToAll(user);
  const { login, authEmail, alias, numericId, extension, lastSignInAt } = user;
  return {
    ...shownToAll(user),
    ...{ login, authEmail, alias, numericId, extension },
    ...(user.secondFactor !== undefined && columns(user)),
    ...(lastSignInAt !== undefined && { lastSignInAt: new Date(lastSignInAt).toISOString() }),
  };
}

/** What entries do not say. */
function columns({ secondFactor, access, rights, roles, superUser, userGroup }: Found) {
  return {
    secondFactor,
    access,
    rights,
    roles,
    superUser: superUser ?? false,
    userGroup: userGroup ?? defaultUserGroup,
  };
}
