// The first code of a new authenticator proves that it was set up; the sign-in goes on with it.

import { signIn } from '#contract/sign-in.ts';
import { setUp } from '#domain/authenticators/authenticators.ts';
import { acceptedStep } from '#domain/authenticators/codes.ts';
import * as recoveryCodes from '#domain/authenticators/recovery-codes.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { checkNetworkOf } from '#domain/limits/allowed-networks.ts';
import { isReached, notReached, refusal } from '#domain/limits/limits.ts';
import { notice } from '#domain/notices/notice.ts';
import { openedEntry } from '#domain/sessions/opening.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { codeGuesses } from '#domain/sign-in/limits.ts';
import { proceed } from '#domain/sign-in/proceed.ts';
import { counting } from '#domain/sign-in/second-factor.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['confirm-totp-setup'], async ({ deps, request, origin, commit }) => {
  const [standing, known] = await Promise.all([
    challenges.require(deps, request.body.challenge, 'authenticator-setup'),
    definitions.current(deps),
  ]);
  const { account, challenge, token } = standing;
  const { user } = account;
  checkNetworkOf(user, origin.address, await definitions.knowing(deps, known, user));
  // No key was asked for, or another one was set up meanwhile.
  if (!challenge.sealedKey || account.authenticator) throw challenges.over();
  const { sealedKey } = challenge;
  const limit = codeGuesses(user.id);
  const wrongCodes = account.limit(limit.key);
  if (isReached(limit, wrongCodes, deps.now())) throw refusal(limit, wrongCodes, deps.now());

  return counting(deps, standing, origin, async () => {
    const step = await acceptedStep(deps, user.id, sealedKey, request.body.code, 0);
    if (step === undefined)
      throw challenges.wrongCode(challenge.tries, 'That is not the code of the new authenticator');
    const { codes, write } = await recoveryCodes.fresh(deps, user.id);
    const progress = {
      account,
      amr: [...challenge.amr, 'otp'],
      origin,
      deviceToken: request.body.device,
      answered: { challenge, token },
      writes: [
        setUp(deps, user.id, sealedKey, step, challenges.over),
        write,
        notReached(limit, deps.now()),
        ...(await notice(deps, user, 'second-factor-changed', { what: 'set-up' })),
      ],
    };
    return proceed(deps, progress, async ({ next, writes, session }) =>
      commit({
        writes: [...writes, ...(session ? [openedEntry(deps, session)] : [])],
        actor: user.id,
        ...(session && { session: session.id }),
        subject: { type: 'user', id: user.id },
        answer: { next, recoveryCodes: codes },
      }),
    );
  });
});
