// Which licenses follow from which field of a user, and why (S0-15).

import { licenses as contract } from '#contract/licenses.ts';
import { effectOf } from '#domain/licenses/effect.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-license-effect'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  return effectOf(deps, caller.definitions, user, caller.permissions.has('licenses:read'));
});
