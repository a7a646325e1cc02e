// The first password of an invited user, with the link from the invite.

import { passwords } from '#contract/passwords.ts';
import { accepted } from '#domain/invites/invites.ts';
import { checkNetwork, checkNetworkNow } from '#domain/limits/allowed-networks.ts';
import { chosen } from '#domain/passwords/passwords.ts';
import { readToken } from '#domain/secrets/token.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { accountOf } from '#domain/sign-in/account.ts';
import { changed } from '#domain/users/edits.ts';
import { shown } from '#domain/users/shown.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(passwords['accept-invite'], async ({ deps, request, origin, commit }) =>
  users.retryStale(async () => {
    const { token, password } = request.body;
    const settings = await currentSettings(deps);
    checkNetwork(settings, origin.address);
    const account = await accountOf(deps, readToken('rinv', token)?.userId ?? 'usr_nobody');
    const { user, changes } = accepted(token, account.user, deps.now());
    await checkNetworkNow(deps, user, origin.address);
    const after = changed(user, deps.now(), changes);
    // The user first: who comes second must hear that the invite is over, not that the password was set.
    return commit({
      writes: [...users.change(user, after), await chosen(deps, user, account.password, password, settings)],
      actor: user.id,
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: { login: user.login },
    });
  }),
);
