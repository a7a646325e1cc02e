// Deletes a role that nobody has.

import { roles as contract } from '#contract/roles.ts';
import { permissionsOfRole } from '#domain/grants/effective.ts';
import { checkPermissions, stillHolds } from '#domain/grants/limits.ts';
import { checkNotNamed } from '#domain/grants/naming.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-role'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'role', request.params.roleId);
  if (before.version !== ifMatch) throw records.stale('role', before);
  checkPermissions(caller, permissionsOfRole(before.id, caller.definitions.roles), '/path/roleId');
  await checkUnused(deps, caller, before);
  await checkNotNamed(deps, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'role', id: before.id },
    before: shown(before),
    answer: null,
  });
});
