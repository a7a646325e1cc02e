// Deactivates a user: kept and shown, but from the next request on nothing of them is accepted (S0-54, I5).

import { Problem } from '#contract/problems.ts';
import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import { shown, shownTo } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['deactivate-user'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const before = await requireInReach(deps, caller, request.params.userId);
    if (before.state === 'deactivated') {
      throw new Problem('already_deactivated', {
        detail: `${before.title} has been deactivated before; nothing is left to do`,
        rule: 'S0-54',
        because: before.state,
      });
    }
    const { after, writes } = signedOut(deps, before, { state: 'deactivated', invite: undefined });
    return commit({
      writes: [...writes, ...stillHolds(caller, before.id)],
      subject: { type: 'user', id: before.id },
      before: shown(before),
      after: shown(after),
      answer: shownTo(caller.permissions, after),
    });
  }),
);
