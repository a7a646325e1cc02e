// Who is signed in, and what they may do.

import { me } from '#contract/me.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { shown } from '#domain/users/user.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['get-me'], async ({ caller }) => ({
  user: shown(caller.user),
  permissions: [...caller.permissions],
  session: sessions.shown(caller.session),
}));
