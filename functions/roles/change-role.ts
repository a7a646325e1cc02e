// Changes a role. In force for all who have it within five seconds.

import { roles as contract } from '#contract/roles.ts';
import { permissionsOf, permissionsOfRole } from '#domain/grants/effective.ts';
import { checkOwnLoss, checkPermissions, stillHolds } from '#domain/grants/limits.ts';
import { checkRole } from '#domain/grants/role-edit.ts';
import { type Role, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-role'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'role', request.params.roleId);
  if (before.version !== ifMatch) throw records.stale('role', before);
  const after: Role = records.edited(deps, before, request.body);
  // Also what it held before: who does not hold it must not take it away from others either.
  checkPermissions(caller, permissionsOfRole(before.id, caller.definitions.roles), '/path/roleId');
  const roles = await checkRole(deps, caller, after, caller.definitions.roles);
  checkOwnLoss(caller, permissionsOf(caller.user, { ...caller.definitions, roles }), request.query.force);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'role', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
