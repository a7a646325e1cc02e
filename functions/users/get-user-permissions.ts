// Why a user may do what they may do, and what would let them do the rest.

import { permissions } from '#contract/permissions.ts';
import { users as contract } from '#contract/users.ts';
import { permissionsOfRole, sourcesOf } from '#domain/grants/effective.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user-permissions'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const { accesses, roles } = caller.definitions;
  // Names of accesses and roles only to who may see these.
  const knownAccesses = caller.permissions.has('accesses:read') ? [...accesses.values()] : [];
  const knownRoles = caller.permissions.has('roles:read') ? [...roles.values()] : [];
  const sources = sourcesOf(user, caller.definitions);
  return {
    permissions: permissions.map((name) => {
      const from = sources.get(name) ?? [];
      if (from.length > 0) return { name, granted: true, from, wouldGrant: [] };
      const inAccesses = knownAccesses.filter((access) => access.permissions.includes(name));
      const inRoles = knownRoles.filter(({ id }) => permissionsOfRole(id, roles).has(name));
      const wouldGrant = [
        ...inAccesses.map(({ id, name }) => ({ from: 'access' as const, id, name })),
        ...inRoles.map(({ id, name }) => ({ from: 'role' as const, id, name })),
      ];
      return { name, granted: false, from, wouldGrant };
    }),
  };
});
