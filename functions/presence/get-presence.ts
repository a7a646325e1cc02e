// Is a user in sight there, and what are they doing?

import { presenceOperations as contract } from '#contract/presence.ts';
import { sessionsOf } from '#domain/presence/listing.ts';
import { presenceOf } from '#domain/presence/presence.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-presence'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const [sessions, work] = await Promise.all([sessionsOf(deps, user.id), summaryOf(deps, user.id)]);
  return presenceOf({ user, sessions, work }, deps.now());
});
