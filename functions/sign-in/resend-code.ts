// Another code for a sign-in under way. The one before is dead from the moment this is accepted.

import { signIn } from '#contract/sign-in.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { isReached, refusal } from '#domain/limits/limits.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { again } from '#domain/sign-in/code-step.ts';
import { codesSent } from '#domain/sign-in/limits.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['resend-code'], async ({ deps, request, origin }) => {
  const [{ challenge, user, sentCodes }, settings] = await Promise.all([
    challenges.require(deps, request.body.challenge),
    currentSettings(deps),
  ]);
  checkNetwork(settings, origin.address);
  challenges.checkResendable(challenge, deps.now());
  const limit = codesSent(user.id);
  if (isReached(limit, sentCodes, deps.now())) throw refusal(limit, sentCodes, deps.now());
  return { next: await again(deps, user, challenge, request.body.challenge, sentCodes) };
});
