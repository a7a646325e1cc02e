// Takes the user's own authenticator away. Where it is enforced, the next sign-in asks for another (S0-22).

import { me } from '#contract/me.ts';
import { checkSetUp, find, removalOnce } from '#domain/authenticators/authenticators.ts';
import { notice } from '#domain/notices/notice.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { signedOutElsewhere } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['remove-my-totp'], async ({ deps, caller, commit }) => {
  checkFresh(caller.session, deps.now());
  // Also where the second factor has become another since: what is left of it may go.
  checkSetUp(await find(deps, caller.user.id));
  return changingOneself(deps, caller, async ({ user, session }) => {
    const { writes } = signedOutElsewhere(deps, user, session);
    return commit({
      writes: [
        ...removalOnce(user.id),
        ...writes,
        ...(await notice(deps, user, 'second-factor-changed', { what: 'removed' })),
      ],
      subject: { type: 'user', id: user.id },
      answer: null,
    });
  });
});
