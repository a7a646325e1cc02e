// What an edit of an access would do to its users, and would be refused for. Nothing is changed.

import { plans as contract } from '#contract/plans.ts';
import { editedAccess } from '#domain/grants/access-edit.ts';
import { planDefinition } from '#domain/plans/definition.ts';
import * as records from '#domain/records/records.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['plan-access'], async ({ deps, request, caller }) => {
  const { body, params, query } = request;
  return users.retryStale(async () => {
    const before = await records.require(deps, 'access', params.accessId);
    return planDefinition(deps, caller, before, async () => editedAccess(deps, caller, before, body, query));
  });
});
