// Choosing a new password with the link from the mail: ends all sessions, signs nobody in, leaves the second factor as it is.

import { passwords } from '#contract/passwords.ts';
import { activation } from '#domain/invites/invites.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { replacement } from '#domain/passwords/passwords.ts';
import { checkPassword } from '#domain/passwords/policy.ts';
import * as resets from '#domain/passwords/resets.ts';
import { readToken } from '#domain/secrets/token.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { accountOf } from '#domain/sign-in/account.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import { shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(passwords['complete-password-reset'], async ({ deps, request, origin, commit }) =>
  users.retryStale(async () => {
    const { token, password } = request.body;
    const account = await accountOf(deps, readToken('rrst', token)?.userId ?? 'usr_nobody');
    const { consumption, user } = resets.consumption(token, account.user, account.reset, deps.now());
    const settings = await currentSettings(deps);
    checkNetwork(settings, origin.address);
    checkPassword(password, user, deps.tenant.name, settings);
    // Who was invited and never chose a password does so here as well (S3-7).
    const { after, writes } = signedOut(deps, user, activation(user));
    return commit({
      writes: [consumption, await replacement(user.id, password, deps.now()), ...writes],
      actor: user.id,
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: null,
    });
  }),
);
