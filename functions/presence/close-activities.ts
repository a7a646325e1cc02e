// A supervisor closes activities of a user, the first of two steps before they can be logged out (S1-31): all of them in one write,
// or some. Campaign records stay.

import { presenceOperations as contract } from '#contract/presence.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { requireInSight } from '#domain/users/in-sight.ts';
import { closingActivities, closingNamed } from '#domain/work/closing.ts';
import { retryMoved } from '#domain/work/items.ts';
import { summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['close-activities'], async ({ deps, request, caller, commit }) =>
  retryMoved(async () => {
    const { id } = await requireInSight(deps, caller, request.params.userId);
    const seen = await summaryOf(deps, id);
    const { activities: named } = request.body;
    const closed = named?.length ?? seen.activities;
    const writes = named ? await closingNamed(deps, id, seen, named) : closingActivities(deps, id, seen);
    return commit({
      writes: [...writes, ...stillHolds(caller, id)],
      subject: { type: 'user', id },
      before: { activities: seen.activities },
      after: { activities: seen.activities - closed, ...(named && { closed: named }) },
      answer: { closed, left: seen.activities - closed },
    });
  }),
);
