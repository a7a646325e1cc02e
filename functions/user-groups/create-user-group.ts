// A new user group, which nobody is in yet.

import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shown, type UserGroup } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-user-group'], async ({ deps, request, caller, commit }) => {
  records.checkRoom(caller.definitions.userGroups);
  const group: UserGroup = {
    type: 'user-group',
    ...records.fresh(deps, 'user-group'),
    ...request.body,
    profiles: [],
  };
  return commit({
    writes: [...records.creation(group), ...stillHolds(caller)],
    subject: { type: 'user-group', id: group.id },
    after: shown(group),
    answer: shown(group),
  });
});
