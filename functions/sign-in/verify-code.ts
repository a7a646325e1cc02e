// The second step: the code from the mail. Five tries a code, ten wrong ones an hour an account, one winner among equals.

import { signIn } from '#contract/sign-in.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { add, isReached, notReached, refusal } from '#domain/limits/limits.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { codeGuesses } from '#domain/sign-in/limits.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['verify-code'], async ({ deps, request, origin, commit }) => {
  const [{ challenge, user, wrongCodes }, settings] = await Promise.all([
    challenges.require(deps, request.body.challenge),
    currentSettings(deps),
  ]);
  checkNetwork(settings, origin.address);
  const limit = codeGuesses(user.id);
  if (isReached(limit, wrongCodes, deps.now())) throw refusal(limit, wrongCodes, deps.now());
  challenges.checkCodeLives(challenge, deps.now());

  if (!(await challenges.isRightCode(deps, challenge, request.body.code))) {
    await add(deps, limit, wrongCodes, (addition) => deps.table.transact([challenges.wrongTry(challenge), addition]));
    deps.log({ level: 'warn', event: 'authn_code_fail', user: user.id, network: origin.network });
    throw challenges.wrongCode(challenge.tries);
  }

  const made = { userId: user.id, epoch: challenge.epoch, amr: ['pwd', 'otp-email'], origin };
  const { session, token, write } = await sessions.creation(deps, made);
  // What waited for a sign-out and found no sessions left takes effect before this one begins.
  return users.retryStale(async () =>
    commit({
      writes: [
        challenges.consumption(challenge, deps.now()),
        write,
        notReached(limit, deps.now()),
        ...(await writesAtEnd(deps, user, [])),
      ],
      actor: user.id,
      session: session.id,
      subject: { type: 'user', id: user.id },
      answer: { next: sessions.signedIn(session, token) },
    }),
  );
});
