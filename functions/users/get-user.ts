// One user in sight.

import { users as contract } from '#contract/users.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { shownTo } from '#domain/users/user.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-user'], async ({ deps, request, caller }) =>
  shownTo(caller.permissions, await requireInSight(deps, caller, request.params.userId)),
);
