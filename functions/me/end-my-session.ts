// Ends one of one's own sessions.

import { me } from '#contract/me.ts';
import { Problem } from '#contract/problems.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { loggingOutAtEnd } from '#domain/telephones/logging-in.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import * as users from '#domain/users/users.ts';
import { retryMoved } from '#domain/work/items.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['end-my-session'], async ({ deps, request, caller, commit }) => {
  const { sessionId } = request.params;
  const gone = () =>
    new Problem('session_not_found', { detail: `You have no session ${sessionId}; it may have ended` });
  return retryMoved(() =>
    users.retryStale(async () =>
      commit({
        writes: [
          sessions.ending(caller.user.id, sessionId, gone),
          ...(await writesAtEnd(deps, caller.user, [sessionId])),
          ...(await loggingOutAtEnd(deps, caller.user, [sessionId])),
        ],
        subject: { type: 'session', id: sessionId },
        answer: null,
      }),
    ),
  );
});
