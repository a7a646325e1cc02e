// Ends all sessions of the user but the one that asks.

import { me } from '#contract/me.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { signedOutElsewhere } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['end-my-sessions'], async ({ deps, caller, commit }) =>
  changingOneself(deps, caller, async ({ user, session }) =>
    commit({
      writes: signedOutElsewhere(deps, user, session).writes,
      subject: { type: 'user', id: user.id },
      answer: null,
    }),
  ),
);
