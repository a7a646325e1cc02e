// Which profiles of the user group a user may use: those that are named, and no other (S3-9).

import { userProfiles as contract } from '#contract/user-profiles.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { checkHasProfiles, shownProfiles, turnedOff, userGroupOf, withProfiles } from '#domain/profiles/of-user.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { audited, personOf } from '#domain/users/person.ts';
import { shownTo } from '#domain/users/shown.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(
  contract['choose-profiles-of-user'],
  async ({ deps, request, caller, ifMatch, commit }) => {
    const user = await requireInReach(deps, caller, request.params.userId);
    const view = (each: User) => shownTo(caller.permissions, each);
    if (user.version !== ifMatch) throw users.stale(user, view);
    checkHasProfiles(user);
    const [before, group] = await Promise.all([personOf(deps, user), userGroupOf(deps, user)]);
    const profilesOff = turnedOff(group, request.body.available, '/body/available');
    const { after, writes } = withProfiles(before, { profilesOff }, deps.now(), view);
    return commit({
      writes: [...writes, ...stillHolds(caller, user.id)],
      subject: { type: 'user', id: user.id },
      before: audited(before),
      after: audited(after),
      answer: shownProfiles(after, group),
    });
  },
);
