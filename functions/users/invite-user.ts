// Invites again, for a mail that got lost or an invite that has expired. The link before is dead.

import { Problem } from '#contract/problems.ts';
import { users as contract } from '#contract/users.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { invite, isInvitable } from '#domain/invites/invites.ts';
import { changed } from '#domain/users/edits.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { shown, shownTo } from '#domain/users/shown.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['invite-user'], async ({ deps, request, caller, commit }) =>
  users.retryStale(async () => {
    const before = await requireInReach(deps, caller, request.params.userId);
    if (!isInvitable(before, caller.definitions.settings)) {
      throw new Problem('not_invitable', {
        detail: `An invite is for a user who signs in by password, has none yet and can be reached; ${before.title} is ${before.state} and of type ${before.userType}`,
        rule: 'S3-7',
        because: { state: before.state, type: before.userType },
      });
    }
    const { user: after, mails } = await invite(deps, changed(before, deps.now(), {}));
    return commit({
      writes: [...users.change(before, after), ...mails, ...stillHolds(caller, before.id)],
      subject: { type: 'user', id: before.id },
      before: shown(before),
      after: shown(after),
      answer: shownTo(caller.permissions, after),
    });
  }),
);
