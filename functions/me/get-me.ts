// Who asks, by a session or by an API token, and what they may do.

import { me } from '#contract/me.ts';
import { isAuthenticator } from '#contract/user-types.ts';
import { state } from '#domain/authenticators/authenticators.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { personOf, shownToSelf } from '#domain/users/person.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['get-me'], async ({ deps, caller }) => ({
  user: shownToSelf(caller.permissions, await personOf(deps, caller.user)),
  permissions: [...caller.permissions],
  ...(caller.session && { session: sessions.shown(caller.session) }),
  ...(caller.token && { token: caller.token.id }),
  ...(isAuthenticator(caller.user.secondFactor) && { authenticator: await state(deps, caller.user.id) }),
}));
