// Ends the session that asks.

import { Problem } from '#contract/problems.ts';
import { signIn } from '#contract/sign-in.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['sign-out'], async ({ caller, commit }) => {
  const { user, session } = caller;
  return commit({
    writes: [
      sessions.ending(
        user.id,
        session.id,
        () => new Problem('not_signed_in', { detail: 'The session has just ended' }),
      ),
    ],
    subject: { type: 'session', id: session.id },
    answer: null,
  });
});
