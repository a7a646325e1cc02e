// A new role. Nobody puts more into it than they hold, nor by the roles that it includes.

import { roles as contract } from '#contract/roles.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkRole } from '#domain/grants/role-edit.ts';
import { type Role, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-role'], async ({ deps, request, caller, commit }) => {
  records.checkRoom(caller.definitions.roles);
  const role: Role = { type: 'role', ...records.fresh(deps, 'role'), ...request.body };
  await checkRole(deps, caller, role, caller.definitions.roles);
  return commit({
    writes: [...records.creation(role), ...stillHolds(caller)],
    subject: { type: 'role', id: role.id },
    after: shown(role),
    answer: shown(role),
  });
});
