// To which queues a user is logged on, and whether they are ready, as the platform tells. For the caller at the commit see put-activity.ts.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { retryMoved } from '#domain/work/items.ts';
import { loggingOn } from '#domain/work/log-on.ts';
import { shownLogOn } from '#domain/work/shown.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['put-queue-log-on'], async ({ deps, request, caller, commit }) =>
  retryMoved(async () => {
    const user = await requireInSight(deps, caller, request.params.userId);
    const before = await summaryOf(deps, user.id);
    const { after, writes } = loggingOn(user, before, request.body, deps.now());
    return commit({
      writes,
      subject: { type: 'user', id: user.id },
      before: shownLogOn(user, before),
      after: shownLogOn(user, after),
      answer: shownLogOn(user, after),
    });
  }),
);
