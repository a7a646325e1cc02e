// Deletes an access that nobody has.

import { accesses as contract } from '#contract/accesses.ts';
import { checkPermissions, stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-access'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'access', request.params.accessId);
  if (before.version !== ifMatch) throw records.stale('access', before);
  checkPermissions(caller, before.permissions, '/path/accessId');
  await checkUnused(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'access', id: before.id },
    before: shown(before),
    answer: null,
  });
});
