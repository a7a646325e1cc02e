// A campaign record that is a user's and pending, as the platform tells. For the caller at the commit see put-activity.ts.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import * as items from '#domain/work/items.ts';
import { shownRecord } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['put-campaign-record'], async ({ deps, request, caller, commit }) =>
  items.retryMoved(async () => {
    const { userId, campaign, action, dueAt } = request.body;
    const id = request.params.recordId;
    const user = await requireInSight(deps, caller, userId);
    const standing = await items.find(deps, 'campaign-record', id);
    const said = { campaign, action, ...(dueAt !== undefined && { dueAt: Date.parse(dueAt) }) };
    const { item, writes } = await items.keeping(deps, user, 'campaign-record', id, { said, standing });
    return commit({
      writes,
      subject: { type: 'campaign-record', id },
      ...(standing.open && { before: shownRecord(standing.open) }),
      after: shownRecord(item),
      answer: shownRecord(item),
    });
  }),
);
