// Ends one session of a user; with the last one, what waited for that takes effect, and devices that they had logged in to are free.

import { Problem } from '#contract/problems.ts';
import { userSignIn as contract } from '#contract/user-sign-in.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { loggingOutAtEnd } from '#domain/telephones/logging-in.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import * as users from '#domain/users/users.ts';
import { retryMoved } from '#domain/work/items.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['end-user-session'], async ({ deps, request, caller, commit }) => {
  const { userId, sessionId } = request.params;
  const gone = () =>
    new Problem('session_not_found', { detail: `The user has no session ${sessionId}; it may have ended` });
  return retryMoved(() =>
    users.retryStale(async () => {
      const user = await requireInReach(deps, caller, userId);
      return commit({
        writes: [
          sessions.ending(user.id, sessionId, gone),
          ...(await writesAtEnd(deps, user, [sessionId])),
          ...(await loggingOutAtEnd(deps, user, [sessionId])),
          ...stillHolds(caller, user.id),
        ],
        subject: { type: 'session', id: sessionId },
        answer: null,
      });
    }),
  );
});
