// Deletes a group that nobody has.

import { groups as contract } from '#contract/groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-group'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'group', request.params.groupId);
  if (before.version !== ifMatch) throw records.stale('group', before);
  await checkUnused(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'group', id: before.id },
    before: shown(before),
    answer: null,
  });
});
