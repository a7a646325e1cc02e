// Ends all sessions of a user at once; what waited for that takes effect.

import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { applied, appliedEntry } from '#domain/users/queued.ts';
import { changed } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['sign-out-user'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const before = await requireInReach(deps, caller, request.params.userId);
    const { access, rights } = applied(before, deps.now());
    const after = changed(before, deps.now(), { epoch: before.epoch + 1, access, rights, queued: undefined });
    return commit({
      writes: [
        ...users.change(before, after),
        jobs.sessionRemoval(deps, before.id, after.epoch),
        ...(before.queued ? [appliedEntry(deps, before, after)] : []),
        ...stillHolds(caller, before.id),
      ],
      subject: { type: 'user', id: before.id },
      answer: null,
    });
  }),
);
