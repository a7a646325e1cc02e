// One user in sight.

import { users as contract } from '#contract/users.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { personOf, shownPersonTo } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  return shownPersonTo(caller.permissions, await personOf(deps, user));
});
