// Changes a role. In force for all who have it within five seconds.

import { roles as contract } from '#contract/roles.ts';
import { editedRole } from '#domain/grants/role-edit.ts';
import * as records from '#domain/records/records.ts';
import { answered, saveDefinition } from '#serve/save-definition.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['change-role']);

export const handler = serve(operation, async ({ deps, request, caller, ifMatch, origin, requestId, commit }) => {
  const before = await records.require(deps, 'role', request.params.roleId);
  if (before.version !== ifMatch) throw records.stale('role', before);
  const after = await editedRole(deps, caller, before, request.body, request.query);
  const visit = { deps, caller, origin, requestId, commit };
  return saveDefinition(visit, contract['change-role'].audit, before, after, answered);
});
