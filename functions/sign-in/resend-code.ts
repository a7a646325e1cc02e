// Another code for a sign-in under way. The one before is dead from the moment this is accepted.

import { signIn } from '#contract/sign-in.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { checkNetworkOf } from '#domain/limits/allowed-networks.ts';
import { isReached, refusal } from '#domain/limits/limits.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import * as emailCode from '#domain/sign-in/email-code.ts';
import { codesSent } from '#domain/sign-in/limits.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['resend-code'], async ({ deps, request, origin }) => {
  const [{ challenge, account, token }, known] = await Promise.all([
    challenges.require(deps, request.body.challenge, 'email-code'),
    definitions.current(deps),
  ]);
  const { user } = account;
  checkNetworkOf(user, origin.address, await definitions.knowing(deps, known, user));
  emailCode.checkResendable(challenge, deps.now());
  const limit = codesSent(user.id);
  const sent = account.limit(limit.key);
  if (isReached(limit, sent, deps.now())) throw refusal(limit, sent, deps.now());
  const { digits, code } = await emailCode.newCode(deps, challenge.id);
  const recoded = challenges.recoding(challenge, code, emailCode.resentMeanwhile(deps.now()));
  return emailCode.send(deps, user, { challenge: recoded.challenge, digits }, sent, async (writes) => {
    await deps.table.transact([recoded.write, ...writes]);
    return { next: emailCode.shown(token, user, recoded.challenge) };
  });
});
