// Takes a user's authenticator and recovery codes away, for who has lost them. The reason is kept, and the user is told.

import { Problem } from '#contract/problems.ts';
import { userSignIn as contract } from '#contract/user-sign-in.ts';
import { checkSetUp, find, removalOnce } from '#domain/authenticators/authenticators.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { notice } from '#domain/notices/notice.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { shown } from '#domain/users/shown.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['reset-second-factor'], async ({ deps, request, caller, commit }) => {
  const { reason } = request.body;
  if (request.params.userId === caller.user.id) throw ownIsElsewhere();
  return users.retryStale(async () => {
    const before = await requireInReach(deps, caller, request.params.userId);
    checkSetUp(await find(deps, before.id));
    const { after, writes } = await signedOut(deps, before);
    const told = { what: 'reset', by: caller.user.title, reason };
    return commit({
      writes: [
        ...removalOnce(before.id),
        ...writes,
        ...(await notice(deps, before, 'second-factor-changed', told)),
        ...stillHolds(caller, before.id),
      ],
      subject: { type: 'user', id: before.id },
      before: shown(before),
      after: { ...shown(after), reason },
      answer: null,
    });
  });
});

/** A session alone must not be enough to get rid of one's own second factor. */
function ownIsElsewhere(): Problem {
  return new Problem('not_permitted', {
    detail:
      'Nobody resets their own second factor here: remove it with DELETE /v1/me/totp, or ask another administrator',
    rule: 'ASVS 7.5.1',
    remedy: 'DELETE /v1/me/totp',
  });
}
