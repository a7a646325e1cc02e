// The key of the authenticator that must be set up before the sign-in goes on (S0-22). Asking again makes another.

import { signIn } from '#contract/sign-in.ts';
import { newKey } from '#domain/authenticators/codes.ts';
import * as definitions from '#domain/definitions/definitions.ts';
import { checkNetworkOf } from '#domain/limits/allowed-networks.ts';
import * as challenges from '#domain/sign-in/challenges.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(signIn['start-totp-setup'], async ({ deps, request, origin }) => {
  const [{ challenge, account }, known] = await Promise.all([
    challenges.require(deps, request.body.challenge, 'authenticator-setup'),
    definitions.current(deps),
  ]);
  checkNetworkOf(account.user, origin.address, await definitions.knowing(deps, known, account.user));
  const { shown, sealedKey } = await newKey(deps, account.user);
  // Asked for twice at once: one key stands, and the other asker starts again.
  const { write } = challenges.next(challenge, { sealedKey }, deps.now(), challenges.over);
  await deps.table.transact([write]);
  return { ...shown, expiresAt: new Date(challenge.expiresAt).toISOString() };
});
