// A profile of one user alone (S3-10).

import { userProfiles as contract } from '#contract/user-profiles.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkHasProfiles, shownProfiles, userGroupOf, withProfiles } from '#domain/profiles/of-user.ts';
import { added, newProfile, roomOfUser } from '#domain/profiles/profile.ts';
import { checkSkills } from '#domain/profiles/skills.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, personOf } from '#domain/users/person.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['create-personal-profile'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const user = await requireInReach(deps, caller, request.params.userId);
    checkHasProfiles(user);
    await checkSkills(deps, request.body.skills);
    const [before, group] = await Promise.all([personOf(deps, user), userGroupOf(deps, user)]);
    const profiles = added(before.details.profiles ?? [], newProfile(deps, request.body), roomOfUser);
    const { after, writes } = withProfiles(before, { profiles }, deps.now());
    return commit({
      writes: [...writes, ...stillHolds(caller, user.id)],
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer: shownProfiles(after, group),
    });
  }),
);
