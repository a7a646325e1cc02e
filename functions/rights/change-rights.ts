// Changes rights. In force for all who have them within five seconds.

import { rights as contract } from '#contract/rights.ts';
import { editedRights } from '#domain/grants/rights-edit.ts';
import * as records from '#domain/records/records.ts';
import { answered, saveDefinition } from '#serve/save-definition.ts';
import { serve } from '#serve/serve.ts';
import { tellingHolders } from '#serve/telling-holders.ts';

const operation = tellingHolders(contract['change-rights']);

export const handler = serve(operation, async ({ deps, request, caller, ifMatch, origin, requestId, commit }) => {
  const before = await records.require(deps, 'rights', request.params.rightsId);
  if (before.version !== ifMatch) throw records.stale('rights', before);
  const after = await editedRights(deps, caller, before, request.body);
  const visit = { deps, caller, origin, requestId, commit };
  return saveDefinition(visit, contract['change-rights'].audit, before, after, answered);
});
