// Choosing a new password with the link from the mail or the code from the SMS: ends all sessions, forgets wrong guesses of the
// old password, signs nobody in, and leaves the second factor as it is.

import { passwords } from '#contract/passwords.ts';
import type { Settings } from '#contract/settings.ts';
import type { Deps } from '#domain/deps.ts';
import { activation } from '#domain/invites/invites.ts';
import { checkNetwork, checkNetworkNow } from '#domain/limits/allowed-networks.ts';
import { notice } from '#domain/notices/notice.ts';
import { chosen } from '#domain/passwords/passwords.ts';
import { redeemedCode } from '#domain/passwords/reset-codes.ts';
import { type Redemption, redeemedLink } from '#domain/passwords/resets.ts';
import { readToken } from '#domain/secrets/token.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { type Account, accountNamed, accountOf } from '#domain/sign-in/account.ts';
import { passwordGuesses } from '#domain/sign-in/limits.ts';
import { shown } from '#domain/users/shown.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';
import { remove } from '#table/write.ts';

export const handler = serve(passwords['complete-password-reset'], async ({ deps, request, origin, commit }) =>
  users.retryStale(async () => {
    const settings = await currentSettings(deps);
    checkNetwork(settings, origin.address);
    const { account, redemption } = await redeemed(deps, request.body, settings);
    const { user } = redemption;
    await checkNetworkNow(deps, user, origin.address);
    const password = await chosen(deps, user, account.password, request.body.password, settings);
    // Who was invited and never chose a password does so here as well (S3-7).
    const { after, writes } = await signedOut(deps, user, activation(user));
    return commit({
      writes: [
        // First, so that who comes second hears that the link is over.
        ...redemption.writes,
        ...writes,
        password,
        ...[true, false].map((isKnown) => remove(passwordGuesses(user.id, isKnown).key)),
        ...(await notice(deps, after, 'password-changed')),
      ],
      actor: user.id,
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: null,
    });
  }),
);

interface Given {
  token?: string | undefined;
  login?: string | undefined;
  code?: string | undefined;
}

async function redeemed(
  deps: Deps,
  { token, login = '', code = '' }: Given,
  settings: Settings,
): Promise<{ account: Account; redemption: Redemption }> {
  if (token === undefined) {
    const account = await accountNamed(deps, login);
    return { account, redemption: await redeemedCode(deps, code, account, settings) };
  }
  const account = await accountOf(deps, readToken('rrst', token)?.userId ?? 'usr_nobody');
  return { account, redemption: redeemedLink(token, account, settings, deps.now()) };
}
