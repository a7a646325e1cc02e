// Pending campaign records of a user in sight.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import * as items from '#domain/work/items.ts';
import { shownRecord } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-campaign-records'], async ({ deps, request, caller }) => {
  const { userId, limit } = request.query;
  const user = await requireInSight(deps, caller, userId);
  const { items: pending, total } = await items.ofUser(deps, user.id, 'campaign-record', limit);
  return { campaignRecords: pending.map(shownRecord), total };
});
