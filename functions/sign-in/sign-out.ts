// Ends the session that asks, or all of its user; with the last one what waited for the user's sign-out takes effect, and devices
// that they had logged in to are free.

import { signIn } from '#contract/sign-in.ts';
import type { Deps } from '#domain/deps.ts';
import { changingOneself, type Self } from '#domain/sessions/own-change.ts';
import * as sessions from '#domain/sessions/sessions.ts';
import { loggingOutAtEnd } from '#domain/telephones/logging-in.ts';
import { writesAtEnd } from '#domain/users/queued.ts';
import { signedOut } from '#domain/users/sign-out.ts';
import { retryMoved } from '#domain/work/items.ts';
import { serve } from '#serve/serve.ts';
import type { Write } from '#table/write.ts';

export const handler = serve(signIn['sign-out'], async ({ deps, request, caller, commit }) =>
  retryMoved(() =>
    changingOneself(deps, caller, async (self) =>
      commit({
        writes: request.query.everywhere ? await endingAll(deps, self) : await ending(deps, self),
        subject: { type: 'session', id: self.session.id },
        answer: null,
      }),
    ),
  ),
);

async function endingAll(deps: Deps, { user }: Self): Promise<Write[]> {
  return [...(await signedOut(deps, user)).writes, ...(await loggingOutAtEnd(deps, user, 'all'))];
}

async function ending(deps: Deps, { user, session }: Self): Promise<Write[]> {
  return [
    sessions.ending(user.id, session.id, sessions.gone),
    ...(await writesAtEnd(deps, user, [session.id])),
    ...(await loggingOutAtEnd(deps, user, [session.id])),
  ];
}
