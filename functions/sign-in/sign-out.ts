// Ends the session that asks, or all of its user; what waited for the user's sign-out takes effect with it.

import { signIn } from '#contract/sign-in.ts';
import type { Deps } from '#domain/deps.ts';
import { changingOneself, type Self } from '#domain/sessions/own-change.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(signIn['sign-out'], async ({ deps, request, caller, commit }) =>
  changingOneself(deps, caller, async (self) =>
    commit({
      writes: request.query.everywhere ? (await signedOut(deps, self.user)).writes : await ending(deps, self),
      subject: { type: 'session', id: self.session.id },
      answer: null,
    }),
  ),
);

async function ending(deps: Deps, { user, session }: Self): Promise<Write[]> {
  return [sessions.ending(user.id, session.id, sessions.gone), ...(await writesAtEnd(deps, user, [session.id]))];
}
