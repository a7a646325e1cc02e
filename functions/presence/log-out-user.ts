// A supervisor logs a user out: off all queues and devices, and out of all sessions, in one transaction; what waited for the sign-out
// takes effect with it. Not while activities are open: these are closed first (S1-31). A static login is no way to stay (C7).

import { presenceOperations as contract } from '#contract/presence.ts';
import { Problem } from '#contract/problems.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import type { User } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { leaving } from '#domain/work/closing.ts';
import { retryMoved } from '#domain/work/items.ts';
import { checkIsThere } from '#domain/work/takers.ts';
import { type Summary, summaryOf } from '#domain/work/work.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['log-out-user'], async ({ deps, request, caller, commit }) =>
  retryMoved(() =>
    users.retryStale(async () => {
      const before = await requireInReach(deps, caller, request.params.userId);
      checkIsThere(before);
      const seen = await summaryOf(deps, before.id);
      checkNothingOpen(before, seen);
      const live = await sessions.live(deps, before);
      const { writes } = await signedOut(deps, before);
      const ended = { sessionsEnded: live.length, queuesLeft: seen.queues, devicesLeft: seen.devices };
      return commit({
        writes: [...writes, ...(await leaving(deps, before.id, seen)), ...stillHolds(caller, before.id)],
        subject: { type: 'user', id: before.id },
        after: ended,
        answer: ended,
      });
    }),
  ),
);

/** @throws Problem `activities_open`; what opens meanwhile moves the work, and is seen by the next try */
function checkNothingOpen({ id, title }: User, { activities }: Summary): void {
  if (activities === 0) return;
  throw new Problem('activities_open', {
    detail: `${title} has ${activities} open ${activities === 1 ? 'activity' : 'activities'}, which are closed first: POST /v1/users/${id}/close-activities`,
    rule: 'S1-31',
    because: activities,
    remedy: `POST /v1/users/${id}/close-activities, then this again`,
  });
}
