// A new profile of a user group: on for all its users until it is turned off for one (S3-9).

import { userGroups as contract } from '#contract/user-groups.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { added, newProfile, roomOfGroup } from '#domain/profiles/profile.ts';
import { checkSkills } from '#domain/profiles/skills.ts';
import { shown } from '#domain/records/record.ts';
import * as records from '#domain/records/records.ts';
import { retryStale } from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-group-profile'], async ({ deps, request, caller, commit }) =>
  retryStale(async () => {
    const { body, params } = request;
    const before = await records.require(deps, 'user-group', params.userGroupId);
    await checkSkills(deps, body.skills);
    const profile = newProfile(deps, body);
    const after = records.edited(deps, before, { profiles: added(before.profiles, profile, roomOfGroup) });
    return commit({
      writes: [...records.change(before, after), ...stillHolds(caller)],
      subject: { type: 'user-group', id: after.id },
      after: { profile },
      answer: shown(after),
    });
  }),
);
