// Where one is signed in.

import { me } from '#contract/me.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['list-my-sessions'], async ({ deps, caller }) => {
  const live = await sessions.live(deps, caller.user);
  return {
    sessions: live.map((session) => ({ ...sessions.shown(session), current: session.id === caller.session.id })),
  };
});
