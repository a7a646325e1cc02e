// To which queues a user in sight is logged on, and whether they are ready there.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { shownLogOn } from '#domain/work/shown.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['get-queue-log-on'], async ({ deps, request, caller }) => {
  const user = await requireInSight(deps, caller, request.params.userId);
  return shownLogOn(user, await summaryOf(deps, user.id));
});
