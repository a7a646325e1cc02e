// The first password of an invited user, with the link from the invite.

import { passwords } from '#contract/passwords.ts';
import { accepted } from '#domain/invites/invites.ts';
import { checkNetwork } from '#domain/limits/allowed-networks.ts';
import { replacement } from '#domain/passwords/passwords.ts';
import { checkPassword } from '#domain/passwords/policy.ts';
import { readToken } from '#domain/secrets/token.ts';
import { current as currentSettings } from '#domain/settings/settings.ts';
import { changed, shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(passwords['accept-invite'], async ({ deps, request, origin, commit }) =>
  users.retryStale(async () => {
    const { token, password } = request.body;
    const invited = await users.byId(deps, readToken('rinv', token)?.userId ?? 'usr_nobody');
    const { user, changes } = accepted(token, invited, deps.now());
    const settings = await currentSettings(deps);
    checkNetwork(settings, origin.address);
    checkPassword(password, user, deps.tenant.name, settings);
    const after = changed(user, deps.now(), changes);
    return commit({
      writes: [...users.change(user, after), await replacement(user.id, password, deps.now())],
      actor: user.id,
      subject: { type: 'user', id: user.id },
      before: shown(user),
      after: shown(after),
      answer: { login: user.login },
    });
  }),
);
