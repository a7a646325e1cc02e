// The key of an authenticator that the user wants to set up (S0-21). Nothing changes until a code proves it.

import { me } from '#contract/me.ts';
import { checkNone, checkOpen, find } from '#domain/authenticators/authenticators.ts';
import { newKey } from '#domain/authenticators/codes.ts';
import { waiting } from '#domain/proofs/pending.ts';
import { checkFresh } from '#domain/sessions/sessions.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['set-up-my-totp'], async ({ deps, caller, commit }) => {
  const { user, session } = caller;
  checkOpen(user);
  checkFresh(session, deps.now());
  checkNone(await find(deps, user.id));
  const { shown, sealedKey } = await newKey(deps, user);
  const { expiresAt, write } = waiting(deps, session, sealedKey);
  return commit({
    writes: [write],
    subject: { type: 'user', id: user.id },
    answer: { ...shown, expiresAt: new Date(expiresAt).toISOString() },
  });
});
