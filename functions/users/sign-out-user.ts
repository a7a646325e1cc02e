// Ends all sessions of a user at once; what waited for that takes effect, and devices that they had logged in to are free.

import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { loggingOutAtEnd } from '#domain/telephones/logging-in.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import * as users from '#domain/users/users.ts';
import { retryMoved } from '#domain/work/items.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['sign-out-user'], async ({ deps, request, caller, commit }) =>
  retryMoved(() =>
    users.retryStale(async () => {
      const before = await requireInReach(deps, caller, request.params.userId);
      const { writes } = await signedOut(deps, before);
      return commit({
        writes: [...writes, ...(await loggingOutAtEnd(deps, before, 'all')), ...stillHolds(caller, before.id)],
        subject: { type: 'user', id: before.id },
        answer: null,
      });
    }),
  ),
);
