// The first code of a new authenticator proves that it was set up (S0-21). Who knew only the password is signed out by it.

import { me } from '#contract/me.ts';
import { checkNone, checkOpen, setUp } from '#domain/authenticators/authenticators.ts';
import { acceptedStep } from '#domain/authenticators/codes.ts';
import * as recoveryCodes from '#domain/authenticators/recovery-codes.ts';
import { isReached, notReached, refusal } from '#domain/limits/limits.ts';
import { notice } from '#domain/notices/notice.ts';
import * as pendings from '#domain/proofs/pending.ts';
import { changingOneself } from '#domain/sessions/own-change.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { codeGuesses } from '#domain/sign-in/limits.ts';
import { signedOutElsewhere } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';
import { userKeys } from '#table/keys.ts';

export const handler = serve(me['confirm-my-totp'], async ({ deps, request, caller, commit }) => {
  const { user, session } = caller;
  checkOpen(user);
  checkFresh(session, deps.now());
  const key = userKeys.pending(user.id, 'authenticator');
  const limit = codeGuesses(user.id);
  const [found, authenticator, wrongCodes] = await deps.table.batchGet([
    key,
    userKeys.authenticator(user.id),
    limit.key,
  ]);
  checkNone(authenticator);
  const asked = found && pendings.pendingAuthenticator().parse(found);
  const pending = pendings.living(asked, session, deps.now());
  if (isReached(limit, wrongCodes, deps.now())) throw refusal(limit, wrongCodes, deps.now());

  const { sealedKey } = pending;
  const step = await acceptedStep(deps, user.id, sealedKey, request.body.code, 0);
  if (step === undefined) {
    return pendings.refuse(deps, key, pending, wrongCodes, 'That is not the code of the new authenticator');
  }

  const { codes, write } = await recoveryCodes.fresh(deps, user.id);
  return changingOneself(deps, caller, async (self) => {
    checkOpen(self.user);
    const { writes } = signedOutElsewhere(deps, self.user, self.session);
    return commit({
      writes: [
        pendings.consumption(key, pending, deps.now()),
        setUp(deps, user.id, sealedKey, step),
        write,
        notReached(limit, deps.now()),
        ...writes,
        ...(await notice(deps, self.user, 'second-factor-changed', { what: 'set-up' })),
      ],
      subject: { type: 'user', id: user.id },
      answer: { recoveryCodes: codes },
    });
  });
});
