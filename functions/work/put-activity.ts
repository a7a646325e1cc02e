// An activity that a user has open, as the platform tells: a new one, an old one that reads otherwise, or one that was handed over.
// Who the caller is must not hold at the commit once more: nothing is granted by it, and all of a busy platform's requests would
// wait for each other at the one user that its token belongs to.

import { work as contract } from '#contract/work.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import * as items from '#domain/work/items.ts';
import { shownActivity } from '#domain/work/shown.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['put-activity'], async ({ deps, request, caller, commit }) =>
  items.retryMoved(async () => {
    const { userId, channel, title, openedAt } = request.body;
    const id = request.params.activityId;
    const user = await requireInSight(deps, caller, userId);
    const standing = await items.find(deps, 'activity', id);
    // Told again without an instant, it stays open since when it was.
    const since = openedAt === undefined ? (standing.open?.openedAt ?? deps.now()) : Date.parse(openedAt);
    const said = { channel, ...(title !== undefined && { title }), openedAt: since };
    const { item, writes } = await items.keeping(deps, user, 'activity', id, { said, standing });
    return commit({
      writes,
      subject: { type: 'activity', id },
      ...(standing.open && { before: shownActivity(standing.open) }),
      after: shownActivity(item),
      answer: shownActivity(item),
    });
  }),
);
