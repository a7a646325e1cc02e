// Forgets the failures that were counted for a user, so that they may try again at once. Their network's stay: these are not
// theirs. Never one's own: a stolen session would guess its owner's password without end.

import { Problem } from '#contract/problems.ts';
import { userSignIn as contract } from '#contract/user-sign-in.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { locksOf } from '#domain/limits/locks.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';
import { remove } from '#table/write.ts';

export const handler = serve(contract['lift-user-locks'], async ({ deps, request, caller, commit }) => {
  const { id } = await requireInReach(deps, caller, request.params.userId);
  if (id === caller.user.id) throw own();
  return commit({
    writes: [...locksOf(id).map(({ limit }) => remove(limit.key)), ...stillHolds(caller, id)],
    subject: { type: 'user', id },
    answer: null,
  });
});

function own(): Problem {
  return new Problem('outranked', {
    detail: 'Nobody forgets failures of their own; ask somebody else who may change you, or wait',
    rule: 'G3',
    remedy: 'Ask another administrator, or wait until the time that GET /v1/users/{userId}/locks shows',
  });
}
