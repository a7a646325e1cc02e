// Changes a profile of a user group for all who may use it.

import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { edited, profileIn, roomOfGroup } from '#domain/profiles/profile.ts';
import { checkSkills } from '#domain/profiles/skills.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['change-group-profile'], async ({ deps, request, caller, ifMatch, commit }) => {
  const { body, params } = request;
  const before = await records.require(deps, 'user-group', params.userGroupId);
  if (before.version !== ifMatch) throw records.stale('user-group', before);
  const profiles = edited(before.profiles, params.profileId, body, roomOfGroup);
  await checkSkills(deps, body.skills);
  const after = records.edited(deps, before, { profiles });
  return commit({
    writes: [...records.change(before, after), ...stillHolds(caller)],
    subject: { type: 'user-group', id: after.id },
    before: { profile: profileIn(before.profiles, params.profileId) },
    after: { profile: profileIn(profiles, params.profileId) },
    answer: shown(after),
  });
});
