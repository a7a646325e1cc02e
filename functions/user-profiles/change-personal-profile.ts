// Changes a personal profile: its name, or its skills and levels (S3-10).

import { userProfiles as contract } from '#contract/user-profiles.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { shownProfiles, userGroupOf, withProfiles } from '#domain/profiles/of-user.ts';
import { edited, roomOfUser } from '#domain/profiles/profile.ts';
import { checkSkills } from '#domain/profiles/skills.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, personOf } from '#domain/users/person.ts';
import { shownTo } from '#domain/users/shown.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(
  contract['change-personal-profile'],
  async ({ deps, request, caller, ifMatch, commit }) => {
    const { body, params } = request;
    const user = await requireInReach(deps, caller, params.userId);
    const view = (each: User) => shownTo(caller.permissions, each);
    if (user.version !== ifMatch) throw users.stale(user, view);
    const [before, group] = await Promise.all([personOf(deps, user), userGroupOf(deps, user)]);
    const profiles = edited(before.details.profiles ?? [], params.profileId, body, roomOfUser);
    await checkSkills(deps, body.skills);
    const { after, writes } = withProfiles(before, { profiles }, deps.now(), view);
    return commit({
      writes: [...writes, ...stillHolds(caller, user.id)],
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer: shownProfiles(after, group),
    });
  },
);
