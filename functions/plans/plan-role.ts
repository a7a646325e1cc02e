// What an edit of a role would do to its users, and would be refused for. Nothing is changed.

import { plans as contract } from '#contract/plans.ts';
import { editedRole } from '#domain/grants/role-edit.ts';
import { planDefinition } from '#domain/plans/definition.ts';
import * as records from '#domain/records/records.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['plan-role'], async ({ deps, request, caller }) => {
  const { body, params, query } = request;
  return users.retryStale(async () => {
    const before = await records.require(deps, 'role', params.roleId);
    return planDefinition(deps, caller, before, () => editedRole(deps, caller, before, body, query));
  });
});
