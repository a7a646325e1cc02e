// Changes what a group is called and for whom it is; who has it stays.

import { groups as contract } from '#contract/groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-group'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'group', request.params.groupId);
  if (before.version !== ifMatch) throw records.stale('group', before);
  const after = records.edited(deps, before, request.body);
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'group', id: after.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
