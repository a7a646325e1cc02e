// Ends the session that asks; what waited for the user's sign-out takes effect with it.

import { Problem } from '#contract/problems.ts';
import { signIn } from '#contract/sign-in.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['sign-out'], async ({ deps, caller, commit }) => {
  const { user, session } = caller;
  const gone = () => new Problem('not_signed_in', { detail: 'The session has just ended' });
  return users.retryStale(async () =>
    commit({
      writes: [sessions.ending(user.id, session.id, gone), ...(await writesAtEnd(deps, user, [session.id]))],
      subject: { type: 'session', id: session.id },
      answer: null,
    }),
  );
});
