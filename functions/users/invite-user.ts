// Invites again, for a mail that got lost or an invite that has expired. The link before is dead.

import { Problem } from '#contract/problems.ts';
import { users as contract } from '#contract/users.ts';
import { invite, isInvitable } from '#domain/invites/invites.ts';
import { changed, shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['invite-user'], async ({ deps, request, commit }) =>
  users.retryStale(async () => {
    const before = await users.require(deps, request.params.userId);
    if (!isInvitable(before)) {
      throw new Problem('not_invitable', {
        detail: `An invite is for a user who can sign in and has no password yet; ${before.title} is ${before.state} and of type ${before.userType}`,
      });
    }
    const { user: after, mails } = await invite(deps, changed(before, deps.now(), {}));
    return commit({
      writes: [...users.change(before, after), ...mails],
      subject: { type: 'user', id: before.id },
      before: shown(before),
      after: shown(after),
      answer: shown(after),
    });
  }),
);
