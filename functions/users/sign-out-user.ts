// Ends all sessions of a user at once.

import { users as contract } from '#contract/users.ts';
import * as jobs from '#domain/jobs/jobs.ts';
import { changed } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['sign-out-user'], async ({ deps, request, commit }) =>
  users.retryStale(async () => {
    const before = await users.require(deps, request.params.userId);
    const after = changed(before, deps.now(), { epoch: before.epoch + 1 });
    return commit({
      writes: [...users.change(before, after), jobs.sessionRemoval(deps, before.id, after.epoch)],
      subject: { type: 'user', id: before.id },
      answer: null,
    });
  }),
);
