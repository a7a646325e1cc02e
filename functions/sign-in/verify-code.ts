// The second factor: the code from the mail or the authenticator, or a recovery code. Five tries a challenge, ten wrong ones
// an hour an account, one winner among equals.

import { signIn } from '#contract/sign-in.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { checkNetworkOf } from '#domain/limits/allowed-networks.ts';
import { isReached, notReached, refusal } from '#domain/limits/limits.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { codeGuesses } from '#domain/sign-in/limits.ts';
import { proceed } from '#domain/sign-in/proceed.ts';
import { counting, proofOf } from '#domain/sign-in/second-factor.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['verify-code'], async ({ deps, request, origin, commit }) => {
  const [standing, known] = await Promise.all([
    challenges.require(deps, request.body.challenge, 'email-code', 'authenticator-code'),
    definitions.current(deps),
  ]);
  const { account, challenge, token } = standing;
  const { user } = account;
  checkNetworkOf(user, origin.address, await definitions.knowing(deps, known, user));
  const limit = codeGuesses(user.id);
  const wrongCodes = account.limit(limit.key);
  if (isReached(limit, wrongCodes, deps.now())) throw refusal(limit, wrongCodes, deps.now());

  return counting(deps, standing, origin, async () => {
    const proof = await proofOf(deps, standing, request.body);
    const progress = {
      account,
      amr: [...challenge.amr, proof.amr],
      origin,
      deviceToken: request.body.device,
      answered: { challenge, token },
      writes: [...proof.writes, notReached(limit, deps.now())],
    };
    return proceed(deps, progress, async ({ next, writes, session }) => {
      const answer = { next };
      if (!session) return deps.table.transact(writes).then(() => answer);
      const subject = { type: 'user', id: user.id };
      return commit({ writes, actor: user.id, session: session.id, subject, answer });
    });
  });
});
