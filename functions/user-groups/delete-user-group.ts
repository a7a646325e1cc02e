// Deletes a user group that nobody is in, with its profiles. The default one stays.

import { Problem } from '#contract/problems.ts';
import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { defaultUserGroup, shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { checkUnused } from '#domain/users/holders.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-user-group'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = await records.require(deps, 'user-group', request.params.userGroupId);
  if (before.version !== ifMatch) throw records.stale('user-group', before);
  if (before.id === defaultUserGroup) throw stays(before.name);
  await checkUnused(deps, caller, before);
  return commit({
    writes: [...records.deletion(before), ...stillHolds(caller)],
    subject: { type: 'user-group', id: before.id },
    before: shown(before),
    answer: null,
  });
});

function stays(name: string): Problem {
  return new Problem('record_in_use', {
    detail: `${name} is the default user group: whoever has been given no other is in it; it can be renamed, not deleted`,
    rule: 'C13',
    because: defaultUserGroup,
    remedy: 'Rename it, or leave it as it is',
  });
}
