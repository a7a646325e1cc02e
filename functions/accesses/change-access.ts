// Changes an access. In force for all who have it within five seconds.

import { accesses as contract } from '#contract/accesses.ts';
import { editedAccess } from '#domain/grants/access-edit.ts';
import * as records from '#domain/records/records.ts';
import { answered, saveDefinition } from '#serve/save-definition.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['change-access']);

export const handler = serve(operation, async ({ deps, request, caller, ifMatch, origin, requestId, commit }) => {
  const before = await records.require(deps, 'access', request.params.accessId);
  if (before.version !== ifMatch) throw records.stale('access', before);
  const after = editedAccess(deps, caller, before, request.body, request.query);
  const visit = { deps, caller, origin, requestId, commit };
  return saveDefinition(visit, contract['change-access'].audit, before, after, answered);
});
