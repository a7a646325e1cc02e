// An activity is closed, as the platform tells. For the caller at the commit see put-activity.ts.

import { work as contract } from '#contract/work.ts';
import { isInSight } from '#domain/grants/sight.ts';
import * as users from '#domain/users/users.ts';
import * as items from '#domain/work/items.ts';
import { shownActivity } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['close-activity'], async ({ deps, request, caller, commit }) =>
  items.retryMoved(async () => {
    const id = request.params.activityId;
    const { place, open, summary } = await items.find(deps, 'activity', id);
    const user = open && (await users.byId(deps, open.userId));
    if (!place || !open || !user || !isInSight(caller, user)) throw items.notFound('activity', id);
    return commit({
      writes: items.closingOne(place, open, summary),
      subject: { type: 'activity', id },
      before: shownActivity(open),
      answer: null,
    });
  }),
);
