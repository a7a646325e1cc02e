// Which profiles a user has: those of the user group, on or off, and personal ones.

import { userProfiles as contract } from '#contract/user-profiles.ts';
import { shownProfiles, userGroupOf } from '#domain/profiles/of-user.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { personOf } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-profiles-of-user'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const [person, group] = await Promise.all([personOf(deps, user), userGroupOf(deps, user)]);
  return shownProfiles(person, group);
});
