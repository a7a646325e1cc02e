// Ends all sessions of a user at once; what waited for that takes effect.

import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['sign-out-user'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const before = await requireInReach(deps, caller, request.params.userId);
    const { writes } = await signedOut(deps, before);
    return commit({
      writes: [...writes, ...stillHolds(caller, before.id)],
      subject: { type: 'user', id: before.id },
      answer: null,
    });
  }),
);
