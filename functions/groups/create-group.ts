// A new group, which nobody has yet.

import { groups as contract } from '#contract/groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { type Group, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-group'], async ({ deps, request, caller, commit }) => {
  await records.checkRoomAmong(deps, 'group');
  const group: Group = { type: 'group', ...records.fresh(deps, 'group'), ...request.body };
  return commit({
    writes: [...records.creation(group), ...stillHolds(caller)],
    subject: { type: 'group', id: group.id },
    after: shown(group),
    answer: shown(group),
  });
});
