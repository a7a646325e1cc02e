// What an edit of rights would do to their users, and would be refused for. Nothing is changed.

import { plans as contract } from '#contract/plans.ts';
import { editedRights } from '#domain/grants/rights-edit.ts';
import { planDefinition } from '#domain/plans/definition.ts';
import * as records from '#domain/records/records.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['plan-rights'], async ({ deps, request, caller }) => {
  const { body, params } = request;
  return users.retryStale(async () => {
    const before = await records.require(deps, 'rights', params.rightsId);
    return planDefinition(deps, caller, before, () => editedRights(deps, caller, before, body));
  });
});
