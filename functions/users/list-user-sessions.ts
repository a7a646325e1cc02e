// Where a user is signed in.

import { userSignIn as contract } from '#contract/user-sign-in.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-user-sessions'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  const live = await sessions.live(deps, user);
  return { sessions: live.map(sessions.shown) };
});
