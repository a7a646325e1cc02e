// Changes what is the user's own to change, against the version that they have seen.

import { me } from '#contract/me.ts';
import { checkChangesOfType } from '#domain/users/field-rules.ts';
import { changesOf, shown } from '#domain/users/user.ts';
import * as users from '#domain/users/users.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(me['change-me'], async ({ deps, request, caller, ifMatch, commit }) => {
  const before = caller.user;
  if (before.version !== ifMatch) throw users.stale(before);
  checkChangesOfType(before.userType, request.body);
  const after = changesOf(before, request.body, deps.now());
  return commit({
    writes: users.change(before, after),
    subject: { type: 'user', id: before.id },
    before: shown(before),
    after: shown(after),
    answer: shown(after),
  });
});
