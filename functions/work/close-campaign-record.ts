// A campaign record is done or no user’s any more, as the platform tells (S1-31). For the caller at the commit see put-activity.ts.

import { work as contract } from '#contract/work.ts';
import { isInSight } from '#domain/grants/sight.ts';
import * as users from '#domain/users/users.ts';
import * as items from '#domain/work/items.ts';
import { shownRecord } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['close-campaign-record'], async ({ deps, request, caller, commit }) =>
  items.retryMoved(async () => {
    const id = request.params.recordId;
    const { place, open, summary } = await items.find(deps, 'campaign-record', id);
    const user = open && (await users.byId(deps, open.userId));
    if (!place || !open || !user || !isInSight(caller, user)) throw items.notFound('campaign-record', id);
    return commit({
      writes: items.closingOne(place, open, summary),
      subject: { type: 'campaign-record', id },
      before: shownRecord(open),
      answer: null,
    });
  }),
);
