// What is in force for a user, and for each value where it comes from: tenant, user group or user (S3-16).

import { users as contract } from '#contract/users.ts';
import { inForce } from '#domain/inheritance/in-force.ts';
import { userGroupOf } from '#domain/profiles/of-user.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { personOf } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-effective-settings'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const [person, group] = await Promise.all([personOf(deps, user), userGroupOf(deps, user)]);
  return inForce(deps, person, group, caller.definitions);
});
