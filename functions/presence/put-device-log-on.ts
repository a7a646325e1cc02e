// To which devices a user is logged in, as the platform tells (S0-41, S1-25). For the caller at the commit see functions/work/put-activity.ts.

import { presenceOperations as contract } from '#contract/presence.ts';
import { loggingIn } from '#domain/telephones/logging-in.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { retryMoved } from '#domain/work/items.ts';
import { checkTakesCalls, stillThere } from '#domain/work/takers.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['put-device-log-on'], async ({ deps, request, caller, commit }) =>
  retryMoved(async () => {
    const { devices } = request.body;
    const user = await requireInSight(deps, caller, request.params.userId);
    checkTakesCalls(user);
    const before = await summaryOf(deps, user.id);
    const { writes } = await loggingIn(deps, caller, { user, seen: before, devices, guard: stillThere(user) });
    return commit({
      writes,
      subject: { type: 'user', id: user.id },
      before: { devices: before.devices },
      after: { devices },
      answer: { devices },
    });
  }),
);
