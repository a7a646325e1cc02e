// Deletes a profile of a user group; nobody can use it any more.

import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { profileIn, without } from '#domain/profiles/profile.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['delete-group-profile'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { userGroupId, profileId } = request.params;
  const before = await records.require(deps, 'user-group', userGroupId);
  if (before.version !== ifMatch) throw records.stale('user-group', before);
  const after = records.edited(deps, before, { profiles: without(before.profiles, profileId) });
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'user-group', id: after.id },
    before: { profile: profileIn(before.profiles, profileId) },
    answer: shown(after),
  });
});
