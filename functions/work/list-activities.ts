// Open activities of a user in sight.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import * as items from '#domain/work/items.ts';
import { shownActivity } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['list-activities'], async ({ deps, request, caller }) => {
  const { userId, limit } = request.query;
  const user = await requireInSight(deps, caller, userId);
  const { items: open, total } = await items.ofUser(deps, user.id, 'activity', limit);
  return { activities: open.map(shownActivity), total };
});
