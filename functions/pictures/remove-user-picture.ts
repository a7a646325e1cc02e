// Removes the picture of a user within reach, and what is on its way to become it.

import { pictures as contract } from '#contract/pictures.ts';
import { stillHolds } from '#domain/grants/limits.ts';
import { removalOnce } from '#domain/pictures/pictures.ts';
import { requireInReach } from '#domain/users/in-sight.ts';
import { serve } from '#serve/serve.ts';

export const handler = serve(contract['remove-user-picture'], async ({ deps, request, caller, commit }) => {
  const user = await requireInReach(deps, caller, request.params.userId);
  return commit({
    writes: [removalOnce(user.id), ...stillHolds(caller, user.id)],
    subject: { type: 'user', id: user.id },
    answer: null,
  });
});
